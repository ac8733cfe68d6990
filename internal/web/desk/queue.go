package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// queue is one page of a moderation list with what a decision needs beside
// the text: where it stands, why it waits, who wrote it and what readers said.
type queue struct {
	Comments   []shape.Comment          `json:"comments"`
	NextCursor *string                  `json:"next_cursor"`
	Threads    map[string]queueThread   `json:"threads"`   // by thread_id
	Reports    map[string][]report      `json:"reports"`   // open ones, by comment id
	Notices    map[string][]openNotice  `json:"notices"`   // of illegal content, open ones, by comment id
	Context    map[string]beside        `json:"context"`   // by comment id
	Images     map[string][]shape.Image `json:"images"`    // that comments show, by comment id
	Looked     *string                  `json:"looked_at"` // of the list of new ones: until when the caller has read it; else null
}

// openNotice is a notice as a moderator reads it before answering it. Who sent
// it is for those who may see addresses.
type openNotice struct {
	Receipt   string  `json:"receipt"`
	Why       string  `json:"why"`
	GoodFaith bool    `json:"good_faith"`
	At        string  `json:"created_at"`
	Name      *string `json:"name"`  // null without the right
	Email     *string `json:"email"` // null without the right
}

type queueThread struct {
	Title string `json:"title"`
	Key   string `json:"key"`
	URL   string `json:"url"`
	State string `json:"state"`
}

type report struct {
	Reason  string  `json:"reason"`
	Note    string  `json:"note"`
	At      string  `json:"created_at"`
	Weight  float64 `json:"weight"`
	Network int     `json:"network"` // reports of one network carry one number; 0: not known

	Reporter   string  `json:"reporter_id"`
	Name       string  `json:"reporter_name"`
	Decided    int     `json:"reports_decided"`  // earlier ones of theirs
	Upheld     int     `json:"reports_upheld"`   // of those, the ones that a decision agreed with
	Discounted *string `json:"discounted_until"` // what they report counts for nothing until then; null: it counts
}

type finding struct {
	Check     string   `json:"check"`
	Suggested string   `json:"wish"`
	Score     float64  `json:"score"`
	Count     int      `json:"count"`
	Detail    string   `json:"detail"`
	Marks     []string `json:"marks"` // the words of the text that it is about
}

type beside struct {
	Risk        float64   `json:"risk"`
	Policy      int64     `json:"policy"` // version of words and rules that judged
	Verdict     string    `json:"verdict"`
	Findings    []finding `json:"findings"`
	Parent      string    `json:"parent_text"`
	Waiting     *string   `json:"waiting_since"` // since it was held, reported or edited into a hold
	DecidedAt   *string   `json:"decided_at"`
	DecidedBy   string    `json:"decided_by"`
	Reason      string    `json:"reason"`
	Level       string    `json:"author_level"`
	Since       string    `json:"author_since"`
	Published   int       `json:"author_published"`
	Banned      bool      `json:"author_banned"`
	Warnings    int       `json:"author_warnings"`
	Fingerprint string    `json:"likeness"` // equal for the same text; "" for short ones
}

var levelNames = map[discuss.Level]string{discuss.LevelNew: "new", discuss.LevelMember: "member", discuss.LevelRegular: "regular", discuss.LevelTrusted: "trusted"}

func (r Room) queueOf(ctx context.Context, q *edge.Request, rows []discuss.Queued, next discuss.Cursor) (queue, error) {
	out := queue{Comments: []shape.Comment{}, NextCursor: shape.Cursor(next), Threads: map[string]queueThread{}, Reports: map[string][]report{}, Notices: map[string][]openNotice{}, Context: map[string]beside{}, Images: map[string][]shape.Image{}}
	about, err := r.Discuss.QueueContext(ctx, q.Who, rows)
	if err != nil {
		return out, err
	}
	for _, row := range rows {
		out.Comments = append(out.Comments, r.Shape.On(q.Site).CommentOf(row.Comment, true))
		out.Context[row.ID.String()] = besideOf(q.Site, row, r.Now())
	}
	out.Images = r.imagesOf(about.Images)
	for id, th := range about.Threads {
		out.Threads[id.String()] = queueThread{th.Title, th.Key, th.URL, string(th.StateAt(q.Site, r.Now()))}
	}
	for id, list := range about.Reports {
		for _, v := range list {
			out.Reports[id.String()] = append(out.Reports[id.String()], reportOf(v, r.Now()))
		}
	}
	for id, list := range about.Notices {
		for _, n := range list {
			j := openNotice{Receipt: n.Receipt, Why: n.Why, GoodFaith: n.GoodFaith, At: shape.Time(n.At)}
			if q.Who.May(discuss.ActAddress) {
				j.Name, j.Email = shape.Ptr(n.Name), shape.Ptr(n.Email)
			}
			out.Notices[id.String()] = append(out.Notices[id.String()], j)
		}
	}
	return out, nil
}

func reportOf(v discuss.Report, now time.Time) report {
	out := report{Reason: v.Reason, Note: v.Note, At: shape.Time(v.At), Weight: v.Weight, Network: v.Network, Reporter: v.Reporter.String(), Name: v.Name, Decided: v.Decided, Upheld: v.Upheld}
	if v.Discounted.After(now) {
		out.Discounted = shape.Ptr(shape.Time(v.Discounted))
	}
	return out
}

func besideOf(st discuss.Site, q discuss.Queued, now time.Time) beside {
	out := beside{
		Risk: q.Risk, Policy: q.Trace.Policy, Verdict: string(q.Trace.Verdict), Findings: []finding{}, Parent: markup.Plain(q.Quote, shownOfPast), DecidedBy: q.Decider, Reason: q.Reason,
		Level: levelNames[q.Level(st, now)], Since: shape.Time(q.Summary.Since), Published: q.Summary.Published, Banned: q.Summary.Banned, Warnings: q.Summary.Warnings,
	}
	if q.Fingerprint != 0 {
		out.Fingerprint = discuss.ID(q.Fingerprint).String()
	}
	if !q.Waiting.IsZero() {
		out.Waiting = shape.Ptr(shape.Time(q.Waiting))
	}
	if !q.Decided.IsZero() {
		out.DecidedAt = shape.Ptr(shape.Time(q.Decided))
	}
	for _, f := range q.Trace.Findings {
		j := finding{Check: f.Check, Suggested: string(f.Suggested), Score: f.Score, Count: f.Count, Detail: f.Detail, Marks: []string{}}
		for _, at := range f.Spans {
			if at[0] >= 0 && at[0] < at[1] && at[1] <= len(q.Body) { // an edit may have made it shorter
				j.Marks = append(j.Marks, q.Body[at[0]:at[1]])
			}
		}
		out.Findings = append(out.Findings, j)
	}
	return out
}

type queueIn struct {
	Site   string     `path:"site" json:"-"`
	State  string     `query:"state" json:"-" enum:"all,pending,reported,spam,rejected,deleted,decided,new,unseen,refused" default:"pending"`
	Order  string     `query:"order" json:"-" enum:"urgent,oldest,newest" default:"urgent"`
	Check  string     `query:"check" json:"-" maxLength:"20"`
	Thread discuss.ID `query:"thread" json:"-"`
	Author discuss.ID `query:"author" json:"-"`
	Cursor string     `query:"cursor" json:"-"`
	Limit  int        `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20"`
	Fields string     `query:"fields" json:"-" enum:"all,card" default:"all"` // card leaves out the source of what is there as HTML
}

func (in queueIn) query(site discuss.ID) (discuss.QueueQuery, error) {
	q := discuss.QueueQuery{Site: site, State: discuss.QueueState(in.State), Order: in.Order, Check: in.Check, Thread: in.Thread, Author: in.Author, Limit: in.Limit}
	if !slices.Contains(discuss.QueueStates, q.State) {
		return q, discuss.Bad("state", "must be all, pending, reported, spam, rejected, deleted, decided, new, unseen or refused")
	}
	if q.Order != discuss.OrderUrgent && q.Order != discuss.OrderOldest && q.Order != discuss.OrderNewest {
		return q, discuss.Bad("order", "must be urgent, oldest or newest")
	}
	if strings.Trim(q.Check, "abcdefghijklmnopqrstuvwxyz") != "" || len(q.Check) > 20 {
		return q, discuss.Bad("check", "is not the name of a check")
	}
	if in.Fields != "" && in.Fields != "all" && in.Fields != "card" {
		return q, discuss.Bad("fields", "must be all or card")
	}
	var err error
	q.After, err = discuss.ParseCursor(in.Cursor, queueSort(q))
	return q, err
}

// queueSort names the kind of cursor that belongs to a list.
func queueSort(q discuss.QueueQuery) discuss.Sort {
	switch {
	case q.State == discuss.QueueDecided, q.State.ByCreation(), q.Order == discuss.OrderNewest:
		return discuss.SortNewest
	case q.Order == discuss.OrderOldest:
		return discuss.SortOldest
	}
	return discuss.SortBest
}

func queueCursor(row discuss.Queued, q discuss.QueueQuery) discuss.Cursor {
	out := discuss.Cursor{Sort: queueSort(q), Key: row.Place, ID: row.ID}
	switch {
	case q.State == discuss.QueueDecided:
		out.Key = float64(row.Decided.UnixMilli())
	case q.State.ByCreation():
		out.Key = float64(row.Created.UnixMilli())
	case out.Sort != discuss.SortBest && !row.Waiting.IsZero():
		out.Key = float64(row.Waiting.UnixMilli())
	}
	return out
}

// queue is one page of a moderation list.
func (r Room) queue(ctx context.Context, q *edge.Request, in queueIn) (queue, error) {
	query, err := in.query(q.Site.ID)
	if err != nil {
		return queue{}, err
	}
	rows, err := r.Discuss.Queue(ctx, q.Who, more(query))
	if err != nil {
		return queue{}, err
	}
	rows, last := edge.Page(rows, in.Limit)
	var next discuss.Cursor
	if last != nil {
		next = queueCursor(*last, query)
	}
	out, err := r.queueOf(ctx, q, rows, next)
	if in.Fields == "card" {
		for i := range out.Comments {
			out.Comments[i].Body = nil
		}
	}
	if err != nil || query.State != discuss.QueueNew {
		return out, err
	}
	at, err := r.Discuss.LookedAt(ctx, q.Who, r.Now())
	out.Looked = shape.Ptr(shape.Time(at))
	return out, err
}

// more asks for one row beyond the page: it tells whether there is another.
func more(q discuss.QueueQuery) discuss.QueueQuery {
	q.Limit++
	return q
}

type onSite struct {
	Site string `path:"site" json:"-"`
}

// queueCounts says how many wait in each list; most means as many or more.
type queueCounts struct {
	Counts map[string]int `json:"counts"`
	Most   int            `json:"most"`
}

func (r Room) queueCounts(ctx context.Context, q *edge.Request, _ onSite) (queueCounts, error) {
	n, err := r.Discuss.QueueCounts(ctx, q.Site, q.Who, r.Now())
	out := queueCounts{Counts: map[string]int{}, Most: discuss.MaxQueueCount}
	for state, v := range n {
		out.Counts[string(state)] = v
	}
	return out, err
}

type lookIn struct {
	onSite
	Until string `json:"until" format:"date-time"`
}

// looked is until when the caller has read what is new.
type looked struct {
	At string `json:"looked_at"`
}

// look notes that the caller has read what is new, as far as a time.
func (r Room) look(ctx context.Context, q *edge.Request, in lookIn) (looked, error) {
	until, err := moment("until", in.Until)
	if err != nil {
		return looked{}, err
	}
	at, err := r.Discuss.Look(ctx, q.Site, q.Who, until)
	return looked{shape.Time(at)}, err
}

type findIn struct {
	Site   string     `path:"site" json:"-"`
	Text   string     `query:"q" json:"-" maxLength:"100"`
	Status string     `query:"status" json:"-" enum:"published,pending,rejected,spam,deleted"`
	Thread discuss.ID `query:"thread" json:"-"`
	Author discuss.ID `query:"author" json:"-"`
	From   string     `query:"from" json:"-" format:"date-time"`
	To     string     `query:"to" json:"-" format:"date-time"`
	Cursor string     `query:"cursor" json:"-"`
	Limit  int        `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20"`
}

func (in findIn) query(site discuss.ID) (q discuss.FindQuery, err error) {
	q = discuss.FindQuery{Site: site, Text: strings.TrimSpace(in.Text), Status: discuss.Status(in.Status), Thread: in.Thread, Author: in.Author, Limit: in.Limit + 1}
	switch q.Status {
	case "", discuss.Published, discuss.Pending, discuss.Rejected, discuss.Spam, discuss.Deleted:
	default:
		return q, discuss.Bad("status", "must be published, pending, rejected, spam or deleted")
	}
	if len(q.Text) > maxSearch || !utf8.ValidString(q.Text) || strings.ContainsRune(q.Text, 0) {
		return q, discuss.Bad("q", "must be at most 100 bytes")
	}
	if q.From, err = moment("from", in.From); err != nil {
		return q, err
	}
	if q.To, err = moment("to", in.To); err != nil {
		return q, err
	}
	q.After, err = discuss.ParseCursor(in.Cursor, discuss.SortNewest)
	return q, err
}

// find searches the comments of a site, newest first.
func (r Room) find(ctx context.Context, q *edge.Request, in findIn) (queue, error) {
	query, err := in.query(q.Site.ID)
	if err != nil {
		return queue{}, err
	}
	rows, err := r.Discuss.Find(ctx, q.Who, query, r.Now())
	if err != nil {
		return queue{}, err
	}
	rows, last := edge.Page(rows, in.Limit)
	var next discuss.Cursor
	if last != nil {
		next = discuss.Cursor{Sort: discuss.SortNewest, Key: float64(last.Created.UnixMilli()), ID: last.ID}
	}
	return r.queueOf(ctx, q, rows, next)
}

type oneIn struct {
	Site string     `path:"site" json:"-"`
	ID   discuss.ID `path:"id" json:"-"`
}

// findOne is one comment with its context, for a link from the page.
func (r Room) findOne(ctx context.Context, q *edge.Request, in oneIn) (queue, error) {
	row, err := r.Discuss.FindOne(ctx, q.Site, q.Who, in.ID)
	if err != nil {
		return queue{}, err
	}
	return r.queueOf(ctx, q, []discuss.Queued{row}, discuss.Cursor{})
}
