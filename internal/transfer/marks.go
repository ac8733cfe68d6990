package transfer

import (
	"encoding/hex"

	"parley/internal/discuss"
)

// mark is what somebody can be known by. It is made where it is read: nothing
// keeps an address, not even until the file's end.
func (b *builder) mark(p discuss.Proof) []byte {
	if b.o.Mark == nil || p == "" {
		return nil
	}
	return b.o.Mark(p)
}

// putMark keeps a mark for somebody of whom comments will come; markOf gives it back.
func (b *builder) putMark(id string, p discuss.Proof) {
	if mark := b.mark(p); mark != nil {
		b.spool.Put("mark", id, hex.EncodeToString(mark))
	}
}

func (b *builder) markOf(id string) []byte {
	said, _ := b.spool.Get("mark", id)
	mark, _ := hex.DecodeString(said)
	return mark
}
