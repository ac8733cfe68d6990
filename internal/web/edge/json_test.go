package edge

import (
	"errors"
	"testing"

	"parley/internal/discuss"
)

type inner struct {
	Depth int `json:"depth"`
}

type outer struct {
	inner
	List []struct {
		inner
		Note string `json:"note,omitempty"`
	} `json:"list"`
}

// An error in a body names the field as a client knows it.
func TestFieldsAreNamedAsClientsKnowThem(t *testing.T) {
	for body, want := range map[string]string{
		`{"depth":"x"}`: "depth", `{"list":[{"note":1}]}`: "list.note", `{"list":[{"depth":"x"}]}`: "list.depth", `{"list":1}`: "list",
	} {
		var v outer
		var e *discuss.Error
		if err := Unmarshal([]byte(body), &v); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != want {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
}
