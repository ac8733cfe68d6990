package notify_test

import (
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

func TestNewsOfCommentsLookLikeTheirGoldenFile(t *testing.T) {
	c, tell := newCrowd(t)
	second := c.told
	second.Comment.ID, second.Comment.Author.Name, second.Comment.Status = 6, "Gullwing", discuss.Pending
	c.told.Comment.Status = discuss.Published
	c.news = []notify.News{{
		Person: notify.Person{Author: 9, Email: "mo@meridian.example", Name: "Mo", Role: discuss.Moderator, Choice: notify.NewsHourly}, Site: c.told.Site,
		Items: []notify.Delivery{c.told, second}, More: 3, Upto: 10,
	}}
	for range 2 {
		if err := tell.News(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "news", c.only(t))
	if c.newsUpto != 10 {
		t.Errorf("told up to %d, want 10", c.newsUpto)
	}
}

// A site whose staff need a second factor has nothing decided by a link.
func TestNoLinkDecidesWhereASecondFactorIsNeeded(t *testing.T) {
	c, tell := newCrowd(t)
	c.told.Comment.Status = discuss.Published
	c.told.Site.Settings.SignIn.StaffSecond = true
	c.news = []notify.News{{Person: notify.Person{Author: 9, Email: "mo@meridian.example", Choice: notify.NewsEach}, Site: c.told.Site, Items: []notify.Delivery{c.told}, Upto: 5}}
	if err := tell.News(t.Context()); err != nil {
		t.Fatal(err)
	}
	golden(t, "news-second-factor", c.only(t))
}

// How often somebody hears is their own choice.
func TestNewsComeAsOftenAsChosen(t *testing.T) {
	c, tell := newCrowd(t)
	now := tell.Now()
	morning := time.Date(now.Year(), now.Month(), now.Day(), notify.DigestHour, 0, 0, 0, time.UTC)
	for _, k := range []struct {
		choice string
		sent   time.Time
		want   bool
	}{
		{notify.NewsEach, now.Add(-time.Second), true},
		{notify.NewsHourly, time.Time{}, true},
		{notify.NewsHourly, now.Add(-59 * time.Minute), false},
		{notify.NewsHourly, now.Add(-time.Hour), true},
		{notify.NewsDaily, morning.Add(-time.Minute), true},
		{notify.NewsDaily, morning, false},
		{notify.NewsNever, time.Time{}, false},
	} {
		c.newsSent, c.newsUpto = k.sent, 0
		c.news = []notify.News{{Person: notify.Person{Author: 9, Email: "mo@meridian.example", Choice: k.choice}, Site: c.told.Site, Items: []notify.Delivery{c.told}, Upto: 5}}
		clear(c.owed)
		if err := tell.News(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(c.owed) == 1; got != k.want {
			t.Errorf("%s, told %v ago: a mail is %v, want %v", k.choice, now.Sub(k.sent), got, k.want)
		}
	}
}
