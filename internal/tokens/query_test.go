package tokens

import (
	"fmt"
	"testing"
	"unicode/utf16"
)

func TestWhatIsLookedForIsMarked(t *testing.T) {
	for _, c := range []struct{ q, text, want string }{
		{"timetable", "The winter timetable is due.", "timetable"},
		{"timet", "The winter timetable is due.", "timetable"},
		{"timeta ", "The winter timetable is due.", "-"},
		{"timet*  due", "The winter timetable is due.", "timetable due"},
		{"winter bus", "The winter timetable", "-"},
		{"ferry ", "Two ferries, one Ferry", "ferries Ferry"},
		{"паром ", "Два парома и паром", "парома паром"},
		{"naive cafe", "A naïve café", "naïve café"},
		{"CAFÉ", "the cafe is shut", "cafe"},
		{"渡轮", "今天的渡轮停了，渡轮", "渡轮 渡轮"},
		{"시간", "여객선 시간표가 좋다", "시간"},
		{"轮", "今天的渡轮停了", "轮"},
		{"كتاب ", "قرأت الكِتَاب أمس", "الكِتَاب"},
		{"dock", "😀😀 the dock", "dock"},
		{"a", "a b", "a"},
		{"x", "xylophone", "-"}, // one letter begins everything
		{"don't", "I don't know", "don t"},
	} {
		q := QueryOf(c.q)
		got := ""
		units := utf16.Encode([]rune(c.text))
		for _, m := range q.Marks(c.text) {
			if got != "" {
				got += " "
			}
			got += string(utf16.Decode(units[m[0]:m[1]]))
		}
		if !q.In(c.text) {
			got = "-"
		}
		if got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.q, c.text, got, c.want)
		}
	}
	for _, q := range []string{"", " ", "…", "*", "**"} {
		if !QueryOf(q).Empty() {
			t.Errorf("%q looks for something", q)
		}
	}
}

func FuzzMarks(f *testing.F) {
	f.Add("ferry 渡轮", "two ferries 今天的渡轮 😀")
	f.Fuzz(func(t *testing.T, query, text string) {
		q := QueryOf(query)
		units, last := len(utf16.Encode([]rune(text))), 0
		for _, m := range q.Marks(text) {
			if m[0] < last || m[1] <= m[0] || m[1] > units {
				t.Fatal(fmt.Sprint("marks out of order or of the text: ", m, last, units))
			}
			last = m[1]
		}
		q.In(text)
		q.Words()
	})
}
