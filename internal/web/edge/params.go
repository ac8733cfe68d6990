package edge

import (
	"strconv"

	"parley/internal/discuss"
)

// ThreadKey is a thread's key in the address, which must be there.
type ThreadKey string

// ReadText implements TextReader.
func (k *ThreadKey) ReadText(field, text string) error {
	if text == "" || len(text) > discuss.MaxKeyBytes {
		return discuss.Bad(field, "must be a key of 1 to 2048 bytes")
	}
	*k = ThreadKey(text)
	return nil
}

// OptionalKey is a thread's key in the address, which may be left out.
type OptionalKey string

// ReadText implements TextReader.
func (k *OptionalKey) ReadText(field, text string) error {
	if text == "" {
		return nil
	}
	var key ThreadKey
	err := key.ReadText(field, text)
	*k = OptionalKey(key)
	return err
}

// NoCursor is the cursor of a list that has one page as yet: none is one of its.
type NoCursor string

// ReadText implements TextReader.
func (NoCursor) ReadText(field, text string) error {
	if text != "" {
		return discuss.Bad(field, "is not a cursor of this list")
	}
	return nil
}

// Seq is the number of an event in the address; -1 where none is given.
type Seq int64

// ReadText implements TextReader.
func (s *Seq) ReadText(field, text string) error {
	*s = -1
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return discuss.Bad(field, "must be a sequence number")
	}
	*s = Seq(n)
	return nil
}
