package discuss

// waits tells the open inboxes of a site about a comment and, where it has come
// to wait for a decision, owes its moderators a mail. Whatever puts something
// before them goes through here, at whatever time it does.
func waits(tx Tx, site Site, comment ID, hint string, now bool) error {
	tx.Hint(Hint{Site: site.ID, Type: hint, Comment: comment})
	if !now {
		return nil
	}
	return owesMail(tx, site)
}

// owesMail owes the moderators the message that something waits, where the
// site sends it.
func owesMail(tx Tx, site Site) error {
	if !site.Settings.Moderation.MailWaiting {
		return nil
	}
	return tx.Waiting(site.ID)
}
