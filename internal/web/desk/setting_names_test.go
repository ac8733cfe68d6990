package desk

import (
	"testing"

	"parley/internal/discuss"
)

// Every setting that the audit log may name is one that the API has, each by a
// name of its own.
func TestEverySettingHasItsName(t *testing.T) {
	old := discuss.Site{Settings: discuss.DefaultSettings()}
	seen := map[string]string{}
	for name, field := range settingOf {
		if !settingNames[field] {
			t.Errorf("%s is %s, which cannot be set", name, field)
		}
		if other, ok := seen[field]; ok {
			t.Errorf("%s and %s are both %s", name, other, field)
		}
		seen[field] = name
	}
	for field := range settingNames {
		if _, ok := seen[field]; !ok && settingNames[field] && field != "add_origins" && field != "remove_origins" && field != "was" {
			t.Errorf("%s is no setting that the log names", field)
		}
	}
	is := old
	is.Settings.Team, is.Name, is.Settings.Moderation.Night.Mode = "The team", "Other", "all"
	for _, name := range discuss.SettingsChanged(old, is) {
		if settingOf[name] == "" {
			t.Errorf("%s has no name", name)
		}
	}
}
