package discuss

// MaxPinned is how many comments of one thread stand above the others.
const MaxPinned = 3

// MaxLeading is how many picks of a thread stand before the others, the newest
// of them; earlier ones stand where their votes put them.
const MaxLeading = 10

// Where editors' picks stand.
const (
	PicksFirst = "first" // before the others, in the order "best"
	PicksTab   = "tab"   // in a tab of their own
	PicksPlace = "place" // where they would stand anyway
)

// errPinReply and errPinned refuse a pin.
var (
	errPinReply = &Error{Kind: Conflict, Code: "reply", Detail: "Only a comment that answers no other can be pinned."}
	errPinned   = &Error{Kind: Conflict, Code: "pinned", Detail: "Three comments are pinned here already. Unpin one of them first."}
)

// pin puts a comment above the others of its thread, or no longer.
func pin(r Reader, ch *Changes, c Comment, on bool) error {
	if c.Status != Published {
		return stands(r, c)
	}
	if c.Pinned == on {
		return nil
	}
	if on {
		if c.Parent != 0 {
			return errPinReply
		}
		if n, err := r.Pinned(c.ThreadID); err != nil || n >= MaxPinned {
			if err == nil {
				err = errPinned
			}
			return err
		}
	}
	ch.Add(SetPinned{c.ID, on}, c.event(CommentUpdated, r))
	return nil
}

func flag(name string, on bool) string {
	if on {
		return name
	}
	return ""
}

// pick makes a comment an editor's pick, or no longer one.
func pick(r Reader, ch *Changes, c Comment, on bool) error {
	if c.Status != Published {
		return stands(r, c)
	}
	if c.Featured != on {
		ch.Add(SetFeatured{c.ID, on}, c.event(CommentUpdated, r))
	}
	return nil
}
