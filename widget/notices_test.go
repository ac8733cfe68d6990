package main

import (
	"strings"
	"testing"
)

func TestALibraryWithoutItsLicenceIsNotBuiltIn(t *testing.T) {
	if _, err := notices(`{"inputs": {"widget/node_modules/@nobody/nothing/dist/index.js": {}}}`); err == nil {
		t.Error("a bundle without the licence of what it holds")
	}
	if got, err := notices(`{"inputs": {"widget/src/own/page.ts": {}}}`); got != "" || err != nil {
		t.Errorf("%q, %v for what is ours", got, err)
	}
}

func TestALicenceIsSplitFromItsOwner(t *testing.T) {
	owner, rest := split("The Licence\n\nCopyright (c) 2015 Jo\n\nDo as you like.\n")
	if owner != "Copyright (c) 2015 Jo" || rest != "The Licence\n\nDo as you like." || strings.Contains(rest, "Jo") {
		t.Errorf("%q and %q", owner, rest)
	}
}
