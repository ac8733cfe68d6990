package store

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/internal/discuss"
)

// settingsNames are what a site's settings are called in the file. A field that
// is called otherwise is read as its default from then on, on every site: who
// renames one keeps its name here by a tag.
const settingsNames = `closed_paths team_name edit_seconds picks reactions guests hold max_depth max_length presence registration sort standards_url threads view votes
	moderation.AkismetKey moderation.Burst moderation.Challenge moderation.Classifier moderation.CloseDays moderation.ClosedAll moderation.HideReporters
	moderation.HideWeight moderation.HideWeightNew moderation.HookClosed moderation.HookSeconds moderation.HookSecret moderation.HookURL
	moderation.MailNew moderation.MailOutcomes moderation.MailReplies moderation.MailWaiting moderation.MaxLinks moderation.NewHours moderation.NewPosts
	moderation.Night.End moderation.Night.Mode moderation.Night.Start moderation.Night.Zone
	moderation.ScorerFrom moderation.ScorerKey moderation.ScorerModel moderation.ScorerURL moderation.SlowSeconds
	images blur_images write subscribe_url profiles ask_standards sign_in.NoAccounts sign_in.Order sign_in.SSOLogin sign_in.SSORoles sign_in.StaffSecond`

func TestTheFilesOfSettingsKeepTheirNames(t *testing.T) {
	var full discuss.Settings
	fill(reflect.ValueOf(&full).Elem())
	text, err := encodeSettings(full)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatal(err)
	}
	var have []string
	names(tree, "", &have)
	want := strings.Fields(settingsNames)
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("the file has %s\nwant %s", strings.Join(have, " "), strings.Join(want, " "))
	}
	back, err := decodeSettings(text)
	if err != nil || !reflect.DeepEqual(back, full) {
		t.Errorf("what was written is read as %+v, %v", back, err)
	}
}

// fill gives every field a value that is not its zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.String:
		v.SetString("x")
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	default:
		panic("a setting of kind " + v.Kind().String())
	}
}

func names(tree map[string]any, at string, out *[]string) {
	for name, v := range tree {
		if inner, ok := v.(map[string]any); ok {
			names(inner, at+name+".", out)
			continue
		}
		*out = append(*out, at+name)
	}
}
