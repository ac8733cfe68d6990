package notify

import (
	"testing"
	"time"

	"parley/internal/discuss"
)

// What is encoded is what is read, for every task there is.
func TestTasksComeBackAsTheyWent(t *testing.T) {
	at := time.UnixMilli(1_700_000_000_123)
	for _, c := range []struct {
		task discuss.Task
		kind Kind
		want Payload
	}{
		{discuss.TellReaders{Comment: 5}, KindTell, Payload{Key: 5, Site: 2}},
		{discuss.ConfirmGuest{Comment: 5, Email: "g@example.com"}, KindGuest, Payload{Key: 5, Site: 2, Text: "g@example.com"}},
		{discuss.AskService{Comment: 5, Service: "hook"}, KindAsk, Payload{Key: 5, Site: 2, Text: "hook"}},
		{discuss.TellOutcome{Comment: 5, Action: "reject", Reason: "off topic", At: at}, KindOutcome, Payload{Key: 5, Site: 2, Action: "reject", Reason: "off topic", At: at.UnixMilli()}},
		{discuss.TellWarned{Author: 7, Text: "Please\nstop.", At: at}, KindWarned, Payload{Key: 7, Site: 2, Text: "Please\nstop.", At: at.UnixMilli()}},
		{discuss.TellDemoted{Author: 7, At: at}, KindDemoted, Payload{Key: 7, Site: 2, At: at.UnixMilli()}},
	} {
		kind, text, err := Encode(discuss.Job{Site: 2, Task: c.task})
		if err != nil || kind != c.kind {
			t.Errorf("%T: %s, %v, want %s", c.task, kind, err, c.kind)
		}
		if got, err := read(text); err != nil || got != c.want {
			t.Errorf("%T: %+v, %v, want %+v", c.task, got, err, c.want)
		}
	}
	if _, _, err := Encode(discuss.Job{}); err == nil {
		t.Error("a job without a task was encoded")
	}
}

// Jobs that the build before left in the table are done as they were meant.
func TestPayloadsOfTheBuildBefore(t *testing.T) {
	for text, want := range map[string]Payload{
		`{"key":5,"site":2,"text":"reject\u001foff topic\u001f1700000000123"}`: {Key: 5, Site: 2, Action: "reject", Reason: "off topic", At: 1_700_000_000_123},
		`{"key":5,"site":2,"text":"Please stop.\u001f1700000000123"}`:          {Key: 5, Site: 2, Text: "Please stop.", At: 1_700_000_000_123},
		`{"key":7,"site":2,"text":"2023-11-14T22:13:20.123Z"}`:                 {Key: 7, Site: 2, At: 1_700_000_000_123},
	} {
		if got, err := read(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
}
