package discuss

// Act is something that needs a right.
type Act string

// The acts. Each administrative verb asks for one of them, and nothing else.
const (
	ActRead     Act = "read"     // the inbox, people, threads, rules and the audit log
	ActDecide   Act = "decide"   // approve, reject, spam, delete, restore
	ActPick     Act = "pick"     // feature, unfeature, pin, unpin
	ActNote     Act = "note"     // notes about people
	ActSanction Act = "sanction" // warn, suspend, ban, lift
	ActTrust    Act = "trust"    // raise or lower a person's floor of trust
	ActThread   Act = "thread"   // open, close, rename, aliases, modes of a thread
	ActRules    Act = "rules"    // words and patterns
	ActSettings Act = "settings" // the site's settings
	ActRole     Act = "role"     // who is what on the site
	ActExport   Act = "export"   // take the audit log out
	ActAddress  Act = "address"  // see email addresses and networks
	ActInstance Act = "instance" // ban from every site of the instance
)

// Acts lists every act, for tables and tests.
var Acts = []Act{
	ActRead, ActDecide, ActPick, ActNote, ActSanction, ActTrust, ActThread, ActRules, ActSettings, ActRole, ActExport, ActAddress, ActInstance,
}

// can is the whole table. An operator may do everything on every site.
var can = map[Role]map[Act]bool{
	Member:    {},
	Auditor:   {ActRead: true, ActExport: true},
	Staff:     {ActRead: true, ActPick: true},
	Moderator: {ActRead: true, ActDecide: true, ActPick: true, ActNote: true, ActSanction: true, ActTrust: true, ActThread: true, ActRules: true},
	Admin: {
		ActRead: true, ActDecide: true, ActPick: true, ActNote: true, ActSanction: true, ActTrust: true, ActThread: true,
		ActRules: true, ActSettings: true, ActRole: true, ActExport: true, ActAddress: true,
	},
}

// May reports whether the actor has the right to act on the site it was made for.
func (a Actor) May(act Act) bool {
	return a.SignedIn() && (a.Operator || can[a.Role][act])
}

// allow is ErrSignedOut or ErrRole unless the actor may act.
func allow(who Actor, act Act) error {
	switch {
	case !who.SignedIn():
		return ErrSignedOut
	case !who.May(act):
		return ErrRole
	}
	return nil
}

// decides is the act that an action on a comment needs.
func decides(action string) Act {
	switch action {
	case "feature", "unfeature", "pin", "unpin":
		return ActPick
	}
	return ActDecide
}
