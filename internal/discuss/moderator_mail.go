package discuss

// waits tells the open dashboards of a site about a comment and, where it has
// come to wait for a decision, owes its moderators a mail. Whatever puts
// something before them goes through here, at whatever time it does.
func waits(ch *Changes, site Site, comment ID, hint HintType, now bool) {
	ch.Add(Hint{Site: site.ID, Type: hint, Subject: comment})
	if now {
		oweMail(ch, site)
	}
}

// oweMail owes the moderators the message that something waits, where the site
// sends it.
func oweMail(ch *Changes, site Site) {
	if site.Settings.Moderation.MailWaiting {
		ch.Add(MailWaiting{site.ID})
	}
}
