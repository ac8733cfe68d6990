package store

import (
	"fmt"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// decide runs a step and makes what it decides so, further steps included.
func (t *Tx) decide(step discuss.Step) error {
	changes, err := step(t)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if next, ok := c.(discuss.Then); ok {
			err = t.decide(discuss.Step(next))
		} else {
			t.wrote = true
			err = t.apply(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// apply makes one change. What it is about is there: the step has looked.
func (t *Tx) apply(c discuss.Change) error {
	switch c := c.(type) {
	case discuss.Event:
		return t.addEvent(c)
	case discuss.Entry:
		return t.audit(c)
	case discuss.Job:
		return t.addJob(c)
	case discuss.Hint:
		t.hints = append(t.hints, c)
		return nil
	case discuss.Remember:
		return t.remember(c)
	case discuss.MailWaiting:
		return t.mailWaiting(c.Site)

	case discuss.NewThread:
		return t.insertThread(c.Thread)
	case discuss.NameThread:
		return t.nameThread(c.Thread, c.By, c.Page)
	case discuss.UnnameThread:
		return t.unnameThread(c.Thread, c.Comment)
	case discuss.KeepPage:
		return t.keepPage(c.Comment, c.Thread, c.Page)
	case discuss.UpdateThread:
		return t.updateThread(c.Thread)
	case discuss.SetAliases:
		return t.setAliases(c.Site, c.Thread, c.Keys)
	case discuss.Follow:
		return t.follow(c)

	case discuss.GuestFollow:
		return t.followAsGuest(c)

	case discuss.BeginMerge:
		return t.beginMerge(c.Merge)
	case discuss.EndMerge:
		return t.endMerge(c.Merge)
	case discuss.BeginUnmerge:
		return t.exec(`UPDATE merges SET state = 'undoing', moved = 0, token = NULL, expires = 0, touched = ?2 WHERE id = ?1`, c.Merge, millis(t.now))
	case discuss.EndUnmerge:
		return t.endUnmerge(c.Merge)
	case discuss.RenameThread:
		return t.renameThread(c)

	case discuss.PutSite:
		return t.putSite(&c.Site)
	case discuss.NoteSettings:
		return t.noteSettings(c)
	case discuss.SetSiteLife:
		return t.setSiteLife(c)
	case discuss.NewPolicy:
		return t.insertPolicy(c.Site, c.Policy)
	case discuss.Agree:
		return t.accepted(c.Account, c.Site, auth.Acceptance{Version: c.Version, URL: c.URL, At: t.Now()})
	case discuss.NewStandards:
		return t.insertStandards(c.Site, c.Standards)
	}
	if done, err := t.applyToComment(c); done {
		return err
	}
	if done, err := t.applyToPerson(c); done {
		return err
	}
	return fmt.Errorf("the store cannot make a %T", c)
}

// applyToComment makes the changes of comments and of what is said of them.
func (t *Tx) applyToComment(c discuss.Change) (done bool, err error) {
	switch c := c.(type) {
	case discuss.NewComment:
		if err := t.insertComment(c.Comment, nil, nil); err != nil || c.GuestMark == nil {
			return true, err
		}
		return true, t.markGuest(c.Comment.ID, c.GuestMark)
	case discuss.SetText:
		return true, t.setText(c)
	case discuss.AddRevision:
		return true, t.addRevision(c)
	case discuss.TakeRevisions:
		return true, t.takeRevisions(c.Comment, c.At)
	case discuss.ReturnRevisions:
		return true, t.returnRevisions(c.Comment, c.At)
	case discuss.SetStatus:
		return true, t.setStatus(c.Comment, c.To)
	case discuss.SetJudgement:
		return true, t.setJudgement(c)
	case discuss.NewImage:
		return true, t.insertImage(c.Image, c.Body)
	case discuss.UseImages:
		return true, t.useImages(c)
	case discuss.LoseImage:
		return true, t.exec(`DELETE FROM images WHERE id = ?1 AND comment_id IS NULL`, c.ID)
	case discuss.SetImage:
		return true, t.setImage(c)
	case discuss.SetHTML:
		return true, t.execOne(`UPDATE comments SET html = ?2 WHERE id = ?1`, c.Comment, c.HTML)
	case discuss.SetFeatured:
		return true, t.setFeatured(c.Comment, c.On)
	case discuss.SetPinned:
		return true, t.setPinned(c)
	case discuss.SetReaction:
		return true, t.setReaction(c)
	case discuss.SetDecided:
		return true, t.setDecided(c)
	case discuss.Withdraw:
		return true, t.withdraw(c.Comment, c.Was)
	case discuss.Unwithdraw:
		return true, t.unwithdraw(c.Comment)
	case discuss.SetMentions:
		return true, t.setMentions(c)
	case discuss.SetVote:
		return true, t.setVote(c)
	case discuss.NewReport:
		return true, t.insertReport(c)
	case discuss.WithdrawReport:
		return true, t.withdrawReport(c.Comment, c.Reporter)
	case discuss.DiscountReporter:
		return true, t.discountReporter(c)
	case discuss.CloseReports:
		return true, t.closeReports(c.Comment, c.Agreed)
	case discuss.NewNotice:
		return true, t.insertNotice(c.Site, c.Comment, c.Notice)
	case discuss.Reopen:
		return true, t.reopen(c.Before)
	case discuss.PutUndo:
		return true, t.putUndo(c)
	case discuss.DropUndo:
		return true, t.dropUndo(c.Token)
	}
	return false, nil
}

// applyToPerson makes the changes of people and of what keeps them away.
func (t *Tx) applyToPerson(c discuss.Change) (done bool, err error) {
	switch c := c.(type) {
	case discuss.NewMember:
		return true, t.insertMember(c.Author)
	case discuss.NewGuest:
		return true, t.insertGuest(c.Author)
	case discuss.NewTeam:
		return true, t.insertTeam(c.Author)
	case discuss.SeenOn:
		return true, t.seenOn(c)
	case discuss.Looked:
		return true, t.looked(c)
	case discuss.SetTrust:
		return true, t.setTrust(c.Author, c.Level)
	case discuss.SetExpert:
		return true, t.exec(`UPDATE authors SET expert = ?2 WHERE id = ?1`, c.Author, c.On)
	case discuss.SetArticleAuthors:
		return true, t.setArticleAuthors(c)
	case discuss.SetRole:
		return true, t.setRole(c.Author, c.Role)
	case discuss.NewNote:
		return true, t.insertNote(c.Note, c.By)
	case discuss.ReadWarning:
		return true, t.readWarning(c.Author, c.Warning)
	case discuss.Mute:
		return true, t.mute(c)
	case discuss.Notified:
		return true, t.notified(c)
	case discuss.ReadUntil:
		return true, t.readUntil(c)
	case discuss.NewBan:
		return true, t.insertBan(c.Ban)
	case discuss.LiftBans:
		return true, t.liftBans(c.Site, c.Author)
	case discuss.LiftSame:
		return true, t.liftSame(c.Ban)
	case discuss.LiftBan:
		return true, t.liftBan(c.Ban)
	case discuss.PutClaim:
		return true, t.putClaim(c.Claim)
	case discuss.SettleClaim:
		return true, t.exec(`UPDATE claims SET state = ?2 WHERE id = ?1`, c.Claim, string(c.State))
	case discuss.Become:
		return true, t.become(c.Person, c.Member)
	}
	return false, nil
}
