package discuss

import (
	"context"
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"parley/internal/cleantext"
)

// SetPolicy gives a site new words and rules. base is the version they were
// made from: who edits an older one would undo another's change unseen.
func (s *Service) SetPolicy(ctx context.Context, site Site, who Actor, base int64, p Policy) (Policy, error) {
	if err := allow(who, ActRules); err != nil {
		return p, err
	}
	p.Rules = slices.Clone(p.Rules)
	for i := range p.Rules { // a name is read by people; a pattern is what it is
		p.Rules[i].Name = cleantext.Line(p.Rules[i].Name)
	}
	if s.Gate != nil {
		if err := s.Gate.Check(p); err != nil {
			return p, err
		}
	}
	old, err := s.Store.PolicyOf(ctx, site.ID) // of the version that p is based on, or p is refused
	if err != nil {
		return p, err
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		have, err := r.PolicyVersion(site.ID)
		if err != nil {
			return nil, err
		}
		if have != base || old.Version != base {
			return nil, ErrRulesChanged
		}
		p.Version, p.At = have+1, r.Now()
		ch.Add(NewPolicy{site.ID, p}, did(site, HintRules, 0, "", mod), Entry{
			Site: site.ID, Actor: mod, Action: "rules", Kind: "rules", Target: site.ID, Rule: p.Version,
			After: policyDiff(old, p),
		})
		return ch, nil
	})
	if err == nil && s.Gate != nil {
		s.Gate.Forget(site.ID)
	}
	return p, err
}

// Changed is a site with a change made, if that leaves a valid one.
func (v Site) Changed(change func(*Site) error) (Site, error) {
	v.Origins = slices.Clone(v.Origins) // what it was is compared with what it is
	if err := change(&v); err != nil {
		return v, err
	}
	clean, err := CheckSite(v.Key, v.Name, v.Origins)
	if err != nil {
		return v, err
	}
	v.Name, v.Origins = clean.Name, clean.Origins
	return v, v.Settings.Validate()
}

// SetSite changes a site's name, origins and settings. change is given the site
// as it is inside the write, so that two who change different things at once
// lose nothing. The audit row names what changed; secrets are named and never shown.
func (s *Service) SetSite(ctx context.Context, id ID, who Actor, change func(*Site) error) error {
	if err := allow(who, ActSettings); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		old, err := r.Site(id)
		if err != nil {
			return nil, err
		}
		site, err := old.Changed(change)
		if err != nil {
			return nil, err
		}
		if s.Seal != nil {
			site.Settings.Moderation.SealSecrets(func(text string) string { return s.Seal(site.ID, text) })
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		if err := ReserveTeam(r, &ch, old, site, s.Text.Skeleton); err != nil {
			return nil, err
		}
		before, after := SiteDiff(old, site)
		ch.Add(
			PutSite{site}, NoteSettings{site.ID, mod.ID, SettingsChanged(old, site)}, did(site, HintSettings, 0, "", mod),
			Entry{Site: site.ID, Actor: mod, Action: "settings", Kind: "settings", Target: site.ID, Before: before, After: after},
		)
		return ch, nil
	})
}

// Note writes one administrative act that another room has done into a site's
// audit log: what to, never a secret.
func (s *Service) Note(ctx context.Context, site Site, who Actor, action, what string) error {
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		mod, err := member(r, &ch, site, who)
		ch.Add(
			did(site, HintSettings, 0, "", mod),
			Entry{Site: site.ID, Actor: mod, Action: action, Kind: "settings", Target: site.ID, Note: what},
		)
		return ch, err
	})
}

// SiteDiff writes down for the audit log what differs between two states of a
// site; secrets are named and never shown.
func SiteDiff(old, site Site) (before, after string) {
	var was, is []string
	eachSetting(old, site, func(name, a, b string) {
		if strings.HasSuffix(name, "Key") || strings.HasSuffix(name, "Secret") {
			a, b = "(secret)", "(new secret)"
		}
		was, is = append(was, name+": "+a), append(is, name+": "+b)
	})
	return strings.Join(was, "; "), strings.Join(is, "; ")
}

// SettingsChanged names what differs between two states of a site, as the audit
// log names it.
func SettingsChanged(old, site Site) (names []string) {
	eachSetting(old, site, func(name, _, _ string) { names = append(names, name) })
	return names
}

// SettingChange is who changed a setting last, and when.
type SettingChange struct {
	Name string // as the audit log names it
	By   string // "" for a command on the server, and for somebody who is gone
	At   time.Time
}

// NoteOn is Note for an act upon a person of the site.
func (s *Service) NoteOn(ctx context.Context, site Site, who Actor, person ID, action string) error {
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		mod, err := member(r, &ch, site, who)
		ch.Add(
			did(site, HintPerson, person, action, mod),
			Entry{Site: site.ID, Actor: mod, Action: action, Kind: "person", Target: person},
		)
		return ch, err
	})
}

// eachSetting tells of every setting in which two states of a site differ, with
// what stands there in each.
func eachSetting(old, site Site, tell func(name, was, is string)) {
	note := func(name, a, b string) {
		if a != b {
			tell(name, a, b)
		}
	}
	note("Name", old.Name, site.Name)
	note("Origins", strings.Join(old.Origins, " "), strings.Join(site.Origins, " "))
	var walk func(prefix string, a, b reflect.Value)
	walk = func(prefix string, a, b reflect.Value) {
		for i := range a.NumField() {
			name := prefix + a.Type().Field(i).Name
			_, text := a.Field(i).Interface().(encoding.TextMarshaler)
			if a.Field(i).Kind() == reflect.Struct && !text {
				walk(name+".", a.Field(i), b.Field(i))
				continue
			}
			note(name, fmt.Sprint(a.Field(i).Interface()), fmt.Sprint(b.Field(i).Interface()))
		}
	}
	walk("", reflect.ValueOf(old.Settings), reflect.ValueOf(site.Settings))
}
