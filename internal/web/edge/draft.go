package edge

import (
	"errors"

	"parley/internal/discuss"
)

// Draft is what a caller may say of a comment, whether it comes as JSON or by a
// form: the rest of it the server knows.
func (q *Request) Draft(thread, body string, parent *string) (d discuss.Draft, err error) {
	d = discuss.Draft{ThreadKey: thread, Body: body, IP: q.Addr(), Agent: q.Get("User-Agent")}
	if parent == nil {
		return d, nil
	}
	if d.Parent, err = discuss.ParseID(*parent); err != nil {
		return d, discuss.Bad("parent_id", "is not a comment of this thread")
	}
	return d, nil
}

// guestPace is the budget of guests at one address.
const guestPace = "guest"

// Paced posts, where the caller is a guest within the pace of their address: a
// name costs a guest nothing, so whoever has thirty is still one. What came to
// nothing, and what had been posted before, costs nothing.
func (q *Request) Paced(post func() (made discuss.Comment, again bool, err error)) (made discuss.Comment, again bool, err error) {
	if q.Who.SignedIn() {
		return post()
	}
	ip := q.Door.ClientIP(q.Ctx)
	var slow *discuss.Error
	if err := q.Door.Limits.Take(guestPace, ip); errors.As(err, &slow) {
		return made, false, discuss.ManyGuests(slow.RetryAfter)
	}
	if made, again, err = post(); err != nil || again {
		q.Door.Limits.GiveBack(guestPace, ip)
	}
	return made, again, err
}
