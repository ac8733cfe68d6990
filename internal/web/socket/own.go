package socket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"parley/internal/discuss"
	"parley/internal/live"
)

const (
	ticketKey = 32 // bytes
	ticketMAC = 16
)

// Ticket is what an author's page shows on its socket to be told there when
// something of theirs was decided about. A session would do as well, but its
// cookie is not there when the reader signs in after the socket opened, nor in
// browsers that keep none for us. It opens nothing: the page is told that it
// should ask again, and asks as whoever it is. It is good on its site, until the
// server restarts.
func (r *Room) Ticket(site, author discuss.ID) string {
	return author.String() + "." + base64.RawURLEncoding.EncodeToString(r.seal(site, author.String()))
}

func (r *Room) seal(site discuss.ID, author string) []byte {
	mac := hmac.New(sha256.New, r.tickets[:])
	mac.Write([]byte(site.String() + "." + author))
	return mac.Sum(nil)[:ticketMAC]
}

// holder is whose ticket of a site it is; 0 if it is nobody's.
func (r *Room) holder(site discuss.ID, ticket string) discuss.ID {
	author, mac, _ := strings.Cut(ticket, ".")
	got, err := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || !hmac.Equal(got, r.seal(site, author)) {
		return 0
	}
	id, err := discuss.ParseID(author)
	if err != nil {
		return 0
	}
	return id
}

// ownPage is an open page as far as it is some author's own.
type ownPage struct {
	room *Room
	site discuss.ID
	peer *listener
	sub  *live.Sub[discuss.ID, hinted]
}

// heard takes what a reader's page says: {"own": "<ticket>"}. Anything else
// says that it is still there.
func (o *ownPage) heard(b []byte) {
	var in struct {
		Own string `json:"own"`
	}
	if json.Unmarshal(b, &in) != nil || in.Own == "" {
		return
	}
	author := o.room.holder(o.site, in.Own)
	switch {
	case author == 0:
	case o.sub != nil:
		o.room.owners.Move(o.sub, author)
	default:
		if o.sub = o.room.owners.Subscribe(author, o.peer.send, o.peer.hangUp); o.sub != nil {
			o.sub.Go(nil, -1)
		}
	}
}

func (o *ownPage) leave() {
	if o.sub != nil {
		o.sub.Close()
	}
}

// hintOwn tells an author's open pages that something of theirs was decided about.
func (r *Room) hintOwn(author discuss.ID) {
	r.hinting.Lock() // subscribers take only numbers that rise
	defer r.hinting.Unlock()
	r.hints++
	r.owners.Publish(hinted{in: author, number: r.hints})
}

// encodeOwn says it once, whatever it was: what may be known is asked for.
func encodeOwn(hints []hinted, _ int) live.Frame {
	if len(hints) == 0 { // only how many pages there are has changed
		return nil
	}
	return ownFrame()
}

func ownFrame() live.Frame { return frame(map[string]string{"type": "own"}) }
