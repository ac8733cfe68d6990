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
// should ask again, and asks as whoever it is. It holds until the server restarts.
func (r *Room) Ticket(author discuss.ID) string {
	return author.String() + "." + base64.RawURLEncoding.EncodeToString(r.seal(author.String()))
}

func (r *Room) seal(author string) []byte {
	mac := hmac.New(sha256.New, r.tickets[:])
	mac.Write([]byte(author))
	return mac.Sum(nil)[:ticketMAC]
}

// holder is whose ticket it is; 0 if it is nobody's.
func (r *Room) holder(ticket string) discuss.ID {
	author, mac, _ := strings.Cut(ticket, ".")
	got, err := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || !hmac.Equal(got, r.seal(author)) {
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
	author := o.room.holder(in.Own)
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
		return frame([]any{}...)
	}
	return ownFrame()
}

func ownFrame() live.Frame { return frame(map[string]string{"type": "own"}) }
