package desk

import "testing"

func TestCellsAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "a = b": "a = b", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x",
		" =1": "' =1", "\n=1": "'\n=1", "\t1": "'\t1", "\u00a0=1": "'\u00a0=1", "\u3000＝1": "'\u3000＝1", "ünï": "ünï", "- a list": "'- a list",
	} {
		if got := inert(in); got != want {
			t.Errorf("inert(%q) = %q, want %q", in, got, want)
		}
	}
}
