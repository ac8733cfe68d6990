package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"parley/internal/discuss"
)

// What a command says has no inner codes, wherever in it a known error stands.
func TestWhatWentWrongIsSaidInWords(t *testing.T) {
	for want, err := range map[string]error{
		"This site has no import of that number.":                              discuss.ErrNoImport,
		`site "nowhere": not found`:                                            fmt.Errorf("site %q: %w", "nowhere", discuss.ErrNotFound),
		"to: must differ from what it is now":                                  discuss.Bad("to", "must differ from what it is now"),
		"stopped: interrupted\nThis discussion is closed.":                     errors.Join(fmt.Errorf("stopped: %w", context.Canceled), discuss.ErrThreadClosed),
		"a file: The import is not in a state that allows this.; and not more": fmt.Errorf("a file: %w; and not more", discuss.ErrImportState),
		"it stopped: interrupted":                                              fmt.Errorf("it stopped: %w", discuss.Busy(context.Canceled)),
	} {
		if got := words(err); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
