package cleantext

import "testing"

func TestANameThatTurnsTheWordsAroundItIsIsolated(t *testing.T) {
	for in, want := range map[string]string{
		"The Lantern": "The Lantern", "": "", "日本": "日本", "Газета": "Газета", "a\u200Eb": "a\u200Eb",
		"\u202Eevil": "\u2068\u202Eevil\u2069", "עיתון": "\u2068עיתון\u2069", "a جريدة": "\u2068a جريدة\u2069", "x\u200Fy": "\u2068x\u200Fy\u2069",
	} {
		if got := Isolate(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
