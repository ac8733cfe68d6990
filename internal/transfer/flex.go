package transfer

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// flex is a value that one version of a program writes as text and the next as a
// number, or with extended JSON's {"$oid": ...}.
type flex string

// UnmarshalJSON takes any single value, and of an object the one that extended JSON wraps.
func (f *flex) UnmarshalJSON(b []byte) error {
	*f = ""
	switch {
	case len(b) == 0 || bytes.Equal(b, []byte("null")):
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*f = flex(strings.TrimSpace(s))
	case b[0] == '{':
		var wrapped map[string]flex
		if json.Unmarshal(b, &wrapped) != nil {
			return nil // an object where a value belongs says nothing
		}
		for _, name := range []string{"$oid", "$numberInt", "$numberLong", "$numberDouble", "$date", "iso"} {
			if v := wrapped[name]; v != "" {
				*f = v
			}
		}
	case b[0] == '[':
	default:
		*f = flex(b)
	}
	return nil
}

// yes reports whether it says so.
func (f flex) yes() bool { return f == "true" || f == "1" }

// n is it as a count.
func (f flex) n() int { return count(string(f)) }

// timeLayouts are how dates are written where no standard says how.
var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -0700 MST", "2006-01-02 15:04:05.999999999Z07:00",
	"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02", time.RFC1123Z, time.RFC1123, "01/02/2006 03:04:05 PM", "01/02/2006 15:04:05", "01/02/2006",
}

// secondsAreMillis is the number from which a date counts thousandths of a second.
const secondsAreMillis = 1e11

// time is it as a date: written in one of the ways that programs have, or as
// seconds, or thousandths of them, since 1970. Zero where it is none.
func (f flex) time() time.Time {
	s := string(f)
	if s == "" {
		return time.Time{}
	}
	if strings.Trim(s, "0123456789.") == "" {
		var n float64
		if json.Unmarshal([]byte(s), &n) != nil {
			return time.Time{}
		}
		if n >= secondsAreMillis {
			n /= 1000
		}
		if n <= 0 || n > 1e12 {
			return time.Time{}
		}
		return time.UnixMilli(int64(n * 1000)).UTC()
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 0 {
			return t.UTC()
		}
	}
	return time.Time{}
}
