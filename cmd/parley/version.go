package main

import (
	"fmt"
	"runtime/debug"
)

// version is set by the build of a release.
var version = "dev"

type versionCmd struct{ told }

// Run prints the version, of a build from a working copy with its commit.
func (c versionCmd) Run() error {
	return c.say("parley "+version+commit(), map[string]string{"version": version + commit()})
}

// commit is what the Go command has noted of the working copy; "" where it has
// noted nothing.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || version != "dev" {
		return ""
	}
	said := map[string]string{}
	for _, s := range info.Settings {
		said[s.Key] = s.Value
	}
	revision := said["vcs.revision"]
	if len(revision) < shortCommit {
		return ""
	}
	changed := ""
	if said["vcs.modified"] == "true" {
		changed = ", changed"
	}
	return fmt.Sprintf(" (%s of %.10s%s)", revision[:shortCommit], said["vcs.time"], changed)
}

// shortCommit is how much of a commit's name tells it from the others.
const shortCommit = 10
