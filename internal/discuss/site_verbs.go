package discuss

import (
	"context"
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"

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
	err := s.Store.Update(ctx, func(tx Tx) error {
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		if p.Version, err = tx.PutPolicy(site.ID, base, p); err != nil {
			return err
		}
		p.At = tx.Now()
		tx.Hint(Hint{Site: site.ID, Type: "rules", Name: mod.Name, Actor: mod.ID})
		return tx.Audit(Entry{
			Site: site.ID, Actor: mod, Action: "rules", Kind: "rules", Target: site.ID, Rule: p.Version,
			After: fmt.Sprintf("%d banned, %d suspect, %d rules", len(p.Banned), len(p.Suspect), len(p.Rules)),
		})
	})
	if err == nil && s.Gate != nil {
		s.Gate.Forget(site.ID)
	}
	return p, err
}

// SetSite changes a site's name, origins and settings. change is given the site
// as it is inside the write, so that two who change different things at once
// lose nothing. The audit row names what changed; secrets are named and never shown.
func (s *Service) SetSite(ctx context.Context, id ID, who Actor, change func(*Site) error) error {
	if err := allow(who, ActSettings); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		old, err := tx.Site(id)
		if err != nil {
			return err
		}
		site := old
		if err := change(&site); err != nil {
			return err
		}
		clean, err := NewSite(site.Key, site.Name, site.Origins)
		if err != nil {
			return err
		}
		site.Name, site.Origins = clean.Name, clean.Origins
		if err := site.Settings.Validate(); err != nil {
			return err
		}
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		if err := tx.PutSite(site); err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "settings", Name: mod.Name, Actor: mod.ID})
		before, after := Changes(old, site)
		return tx.Audit(Entry{Site: site.ID, Actor: mod, Action: "settings", Kind: "settings", Target: site.ID, Before: before, After: after})
	})
}

// Note writes one administrative act that another room has done into a site's
// audit log: what to, never a secret.
func (s *Service) Note(ctx context.Context, site Site, who Actor, action, what string) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "settings", Name: mod.Name, Actor: mod.ID})
		return tx.Audit(Entry{Site: site.ID, Actor: mod, Action: action, Kind: "settings", Target: site.ID, Note: what})
	})
}

// Changes writes down for the audit log what differs between two states of a
// site; secrets are named and never shown.
func Changes(old, site Site) (before, after string) {
	var was, is []string
	note := func(name, a, b string) {
		if a == b {
			return
		}
		if strings.HasSuffix(name, "Key") || strings.HasSuffix(name, "Secret") {
			a, b = "(secret)", "(new secret)"
		}
		was, is = append(was, name+": "+a), append(is, name+": "+b)
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
	return strings.Join(was, "; "), strings.Join(is, "; ")
}
