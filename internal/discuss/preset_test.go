package discuss

import "testing"

// A preset is a valid beginning; a site without one holds newcomers; nothing
// else is a preset.
func TestPresets(t *testing.T) {
	site, err := NewSite("news", "News", []string{"https://news.example"})
	if err != nil || site.Settings.Hold != ModeNewcomers || site.Settings.Guests || !site.Settings.Moderation.MailNew {
		t.Fatalf("a new site: %+v, %v", site.Settings, err)
	}
	blog, room := site.Settings, site.Settings
	if err := blog.Preset(PresetBlog); err != nil || !blog.Guests || blog.Hold != ModeNewcomers || blog.Votes != "up" || blog.Presence || blog.Moderation.CloseDays != 90 {
		t.Errorf("a blog: %+v, %v", blog, err)
	}
	if err := room.Preset(PresetNewsroom); err != nil || room.Guests || room.Hold != ModePublish || !room.Registration || !room.Moderation.MailNew {
		t.Errorf("a newsroom: %+v, %v", room, err)
	}
	for _, v := range []Settings{blog, room, site.Settings} {
		if err := v.Validate(); err != nil {
			t.Error(err)
		}
	}
	before := site.Settings
	if err := site.Settings.Preset("forum"); KindOf(err) != Invalid || site.Settings.Hold != before.Hold {
		t.Errorf("forum is a preset: %v", err)
	}
}
