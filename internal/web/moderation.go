package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// moderating finds the site of the route and who calls, and refuses whoever
// has not the right to act there.
func (s *Server) moderating(ctx context.Context, c *fiber.Ctx, act discuss.Act) (discuss.Site, edge.Caller, error) {
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return st, edge.Caller{}, err
	}
	who, err := s.Identify(ctx, c, st)
	switch {
	case err != nil:
		return st, who, err
	case !who.Actor.SignedIn():
		return st, who, discuss.ErrSignedOut
	case !who.Actor.May(act):
		if who.Weak {
			return st, who, auth.ErrSecond
		}
		return st, who, discuss.ErrRole
	}
	return st, who, nil
}

// getQueue is one page of a moderation list.
func (s *Server) getQueue(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	q, err := queueQuery(c, st)
	if err != nil {
		return err
	}
	n := q.Limit
	q.Limit++
	rows, err := s.cfg.Discuss.Store.Queue(ctx, q)
	if err != nil {
		return err
	}
	var next discuss.Cursor
	if len(rows) > n {
		rows = rows[:n]
		next = queueCursor(rows[n-1], q)
	}
	out, err := s.queueJSON(ctx, st, who.Actor, rows)
	if err != nil {
		return err
	}
	out.NextCursor = shape.Cursor(next)
	return edge.SendJSON(c, out)
}

func queueQuery(c *fiber.Ctx, st discuss.Site) (discuss.QueueQuery, error) {
	q := discuss.QueueQuery{Site: st.ID, State: discuss.QueueState(c.Query("state", string(discuss.QueuePending))), Order: c.Query("order", discuss.OrderUrgent), Check: c.Query("check")}
	known := false
	for _, v := range discuss.QueueStates {
		known = known || v == q.State
	}
	if !known {
		return q, discuss.Bad("state", "must be all, pending, reported, spam, rejected, deleted or decided")
	}
	if q.Order != discuss.OrderUrgent && q.Order != discuss.OrderOldest && q.Order != discuss.OrderNewest {
		return q, discuss.Bad("order", "must be urgent, oldest or newest")
	}
	if strings.Trim(q.Check, "abcdefghijklmnopqrstuvwxyz") != "" || len(q.Check) > 20 {
		return q, discuss.Bad("check", "is not the name of a check")
	}
	var err error
	for _, p := range []struct {
		name string
		id   *discuss.ID
	}{{"thread", &q.Thread}, {"author", &q.Author}} {
		if v := c.Query(p.name); v != "" {
			if *p.id, err = discuss.ParseID(v); err != nil {
				return q, discuss.Bad(p.name, "is not an id")
			}
		}
	}
	if q.Limit, err = limit(c); err != nil {
		return q, err
	}
	q.After, err = discuss.ParseCursor(c.Query("cursor"), queueSort(q))
	return q, err
}

// queueSort names the kind of cursor that belongs to a list.
func queueSort(q discuss.QueueQuery) discuss.Sort {
	switch {
	case q.State == discuss.QueueDecided, q.State == discuss.QueueSpam, q.State == discuss.QueueRejected, q.State == discuss.QueueDeleted, q.Order == discuss.OrderNewest:
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
	case out.Sort != discuss.SortBest:
		out.Key = float64(row.Created.UnixMilli())
	}
	return out
}

// queueJSON is one page of a moderation list with what a decision needs beside
// the text: where it stands, why it waits, who wrote it and what readers said.
type queueJSON struct {
	Comments   []shape.Comment         `json:"comments"`
	NextCursor *string                 `json:"next_cursor"`
	Threads    map[string]queueThread  `json:"threads"` // by thread_id
	Reports    map[string][]reportJSON `json:"reports"` // open ones, by comment id
	Notices    map[string][]openNotice `json:"notices"` // of illegal content, open ones, by comment id
	Context    map[string]contextJSON  `json:"context"` // by comment id
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

type reportJSON struct {
	Reason  string  `json:"reason"`
	Note    string  `json:"note"`
	At      string  `json:"created_at"`
	Weight  float64 `json:"weight"`
	Network int     `json:"network"` // reports of one network carry one number; 0: not known
}

type findingJSON struct {
	Check  string   `json:"check"`
	Wish   string   `json:"wish"`
	Score  float64  `json:"score"`
	Count  int      `json:"count"`
	Detail string   `json:"detail"`
	Marks  []string `json:"marks"` // the words of the text that it is about
}

type contextJSON struct {
	Risk      float64       `json:"risk"`
	Policy    int64         `json:"policy"` // version of words and rules that judged
	Verdict   string        `json:"verdict"`
	Findings  []findingJSON `json:"findings"`
	Parent    string        `json:"parent_text"`
	DecidedAt *string       `json:"decided_at"`
	DecidedBy string        `json:"decided_by"`
	Reason    string        `json:"reason"`
	Level     string        `json:"author_level"`
	Since     string        `json:"author_since"`
	Published int           `json:"author_published"`
	Banned    bool          `json:"author_banned"`
	Warnings  int           `json:"author_warnings"`
	Likeness  string        `json:"likeness"` // equal for the same text; "" for short ones
}

var levelNames = map[discuss.Level]string{discuss.LevelNew: "new", discuss.LevelMember: "member", discuss.LevelRegular: "regular", discuss.LevelTrusted: "trusted"}

func (s *Server) queueJSON(ctx context.Context, st discuss.Site, who discuss.Actor, rows []discuss.Queued) (queueJSON, error) {
	out := queueJSON{Comments: []shape.Comment{}, Threads: map[string]queueThread{}, Reports: map[string][]reportJSON{}, Notices: map[string][]openNotice{}, Context: map[string]contextJSON{}}
	var reported []discuss.ID
	for _, row := range rows {
		out.Comments = append(out.Comments, s.shape.CommentOf(row.Comment, true))
		out.Context[row.ID.String()] = queueContext(st, row, s.cfg.Now())
		if row.Reports > 0 {
			reported = append(reported, row.ID)
		}
		if _, ok := out.Threads[row.ThreadID.String()]; !ok {
			th, err := s.cfg.Discuss.Store.ThreadByID(ctx, row.ThreadID)
			if err != nil {
				return out, err
			}
			if th.Title == "" { // what a waiting comment says of its page is for moderators alone
				said, err := s.cfg.Discuss.Store.SaidPage(ctx, th.ID)
				if err != nil && discuss.KindOf(err) != discuss.NotFound {
					return out, err
				}
				th.Title, th.URL = said.Title, cmp.Or(th.URL, said.URL)
			}
			out.Threads[row.ThreadID.String()] = queueThread{th.Title, th.Key, th.URL, string(th.StateAt(st, s.cfg.Now()))}
		}
	}
	if len(reported) == 0 {
		return out, nil
	}
	all, err := s.cfg.Discuss.Store.OpenReports(ctx, reported)
	for id, list := range all {
		for _, r := range list {
			out.Reports[id.String()] = append(out.Reports[id.String()], reportJSON{r.Reason, r.Note, shape.Time(r.At), r.Weight, r.Network})
		}
	}
	if err != nil {
		return out, err
	}
	notices, err := s.cfg.Discuss.Store.OpenNotices(ctx, reported)
	for id, list := range notices {
		for _, n := range list {
			j := openNotice{Receipt: n.Receipt, Why: n.Why, GoodFaith: n.GoodFaith, At: shape.Time(n.At)}
			if who.May(discuss.ActAddress) {
				j.Name, j.Email = shape.Ptr(n.Name), shape.Ptr(n.Email)
			}
			out.Notices[id.String()] = append(out.Notices[id.String()], j)
		}
	}
	return out, err
}

func queueContext(st discuss.Site, q discuss.Queued, now time.Time) contextJSON {
	level := q.Known.Trust
	if auto := (discuss.Record{Since: q.Known.Since, Published: q.Known.Published}).Level(now, st.Settings.Moderation); auto > level {
		level = min(auto, discuss.LevelRegular)
	}
	if q.Author.Guest {
		level = discuss.LevelNew
	}
	out := contextJSON{
		Risk: q.Risk, Policy: q.Trace.Policy, Verdict: string(q.Trace.Verdict), Findings: []findingJSON{}, Parent: markup.Plain(q.Quote, shownOfPast), DecidedBy: q.Decider, Reason: q.Reason,
		Level: levelNames[level], Since: shape.Time(q.Known.Since), Published: q.Known.Published, Banned: q.Known.Banned, Warnings: q.Known.Warnings,
	}
	if q.Likeness != 0 {
		out.Likeness = discuss.ID(q.Likeness).String()
	}
	if !q.Decided.IsZero() {
		out.DecidedAt = shape.Ptr(shape.Time(q.Decided))
	}
	for _, f := range q.Trace.Findings {
		j := findingJSON{Check: f.Check, Wish: string(f.Wish), Score: f.Score, Count: f.Count, Detail: f.Detail, Marks: []string{}}
		for _, at := range f.Spans {
			if at[0] >= 0 && at[0] < at[1] && at[1] <= len(q.Body) { // an edit may have made it shorter
				j.Marks = append(j.Marks, q.Body[at[0]:at[1]])
			}
		}
		out.Findings = append(out.Findings, j)
	}
	return out
}

func (s *Server) getQueueCounts(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, _, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	n, err := s.cfg.Discuss.Store.QueueCounts(ctx, st.ID)
	if err != nil {
		return err
	}
	out := queueCountsJSON{Counts: map[string]int{}, Most: discuss.MaxQueueCount}
	for state, v := range n {
		out.Counts[string(state)] = v
	}
	return edge.SendJSON(c, out)
}

// queueCountsJSON says how many wait in each list; most means as many or more.
type queueCountsJSON struct {
	Counts map[string]int `json:"counts"`
	Most   int            `json:"most"`
}

type undoIn struct {
	Undo string `json:"undo"`
}

type undoneJSON struct {
	Comments []string   `json:"comments"` // those that are back where they stood
	Left     []leftJSON `json:"left"`     // those about which somebody has decided since
}

type decisionIn struct {
	Comment string `json:"comment_id"`
	Action  string `json:"action"`
	Reason  string `json:"reason,omitempty"`
	Note    string `json:"note,omitempty"`
	// The edited_at of the text that was read, "" for one that was never edited:
	// a text edited since is not decided about. Left out, whatever stands there is.
	Edited *string `json:"edited_at,omitempty"`
	// The status that was read: a comment that stands elsewhere by now is not
	// decided about. Left out, it is wherever it stands.
	Status string `json:"status,omitempty" enum:"published,pending,rejected,spam,deleted"`
	// Decides although the text or the status is another by now.
	Override bool `json:"override,omitempty"`
}

// readNever takes an edited_at of null, as the comment itself has it where it
// was never edited, for what it says; only one that is left out asks nothing.
func readNever(body []byte, in []decisionIn) {
	var raw []map[string]json.RawMessage
	if !bytes.Contains(body, []byte("null")) || json.Unmarshal(body, &raw) != nil || len(raw) != len(in) {
		return
	}
	for i, d := range raw {
		if v, sent := d["edited_at"]; sent && string(v) == "null" {
			in[i].Edited = shape.Ptr("")
		}
	}
}

type decisionsJSON struct {
	Results []decisionResult `json:"results"`
	Undo    *string          `json:"undo"`       // token that takes them back; null if nothing was done
	Until   *string          `json:"undo_until"` // when it ends
}

type decisionResult struct {
	Comment string  `json:"comment_id"`
	OK      bool    `json:"ok"`
	Error   *string `json:"error"` // a code; null where it went well
	standingJSON
}

// standingJSON is how a comment stands that could not be decided about as it
// was read; null where that is not why.
type standingJSON struct {
	Status *string `json:"status"`
	By     *string `json:"decided_by"` // name; null where it was no person
	At     *string `json:"decided_at"`
}

func standingOf(s *discuss.Standing) (out standingJSON) {
	if s == nil {
		return out
	}
	out.Status = shape.Ptr(string(s.Status))
	if s.By != "" {
		out.By = shape.Ptr(s.By)
	}
	if !s.At.IsZero() {
		out.At = shape.Ptr(shape.Time(s.At))
	}
	return out
}

// leftJSON is a comment that an undo has left where somebody else brought it.
type leftJSON struct {
	Comment string `json:"comment_id"`
	standingJSON
}

func (s *Server) postDecisions(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.Identify(ctx, c, st)
	if err != nil {
		return err
	}
	var in []decisionIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	ds := make([]discuss.Decision, len(in))
	readNever(c.Request().Body(), in)
	for i, d := range in {
		id, _ := discuss.ParseID(d.Comment) // 0 is the id of nothing: that one fails alone
		ds[i] = discuss.Decision{Comment: id, Action: d.Action, Reason: d.Reason, Note: d.Note, Was: discuss.Status(d.Status), Override: d.Override}
		if d.Edited == nil {
			continue
		}
		var at time.Time
		if *d.Edited != "" {
			if at, err = time.Parse(time.RFC3339, *d.Edited); err != nil {
				return discuss.Bad("decisions["+strconv.Itoa(i)+"].edited_at", "must be a time like 2026-11-25T08:00:00Z, or empty")
			}
		}
		ds[i].Read = &at
	}
	done2, err := s.cfg.Discuss.Decide(ctx, st, who.Actor, ds)
	if err != nil {
		return err
	}
	out := decisionsJSON{Results: make([]decisionResult, len(in))}
	for i, e := range done2.Errors {
		out.Results[i] = decisionResult{Comment: in[i].Comment, OK: e == nil}
		if e != nil {
			out.Results[i].Error = shape.Ptr(code(e))
			if de := new(discuss.Error); errors.As(e, &de) {
				out.Results[i].standingJSON = standingOf(de.Standing)
			}
		}
	}
	if done2.Undo != "" {
		out.Undo, out.Until = shape.Ptr(done2.Undo), shape.Ptr(shape.Time(s.cfg.Now().Add(discuss.UndoWindow)))
	}
	return edge.SendJSON(c, out)
}

// postUndo takes decisions back that are not older than the window.
func (s *Server) postUndo(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.Identify(ctx, c, st)
	if err != nil {
		return err
	}
	var in undoIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if in.Undo == "" || len(in.Undo) > 100 {
		return discuss.Bad("undo", "must be the token that the decisions were answered with")
	}
	ids, left, err := s.cfg.Discuss.Undo(ctx, st, who.Actor, in.Undo)
	if err != nil {
		return err
	}
	out := undoneJSON{[]string{}, []leftJSON{}}
	for _, id := range ids {
		out.Comments = append(out.Comments, id.String())
	}
	for id, at := range left {
		out.Left = append(out.Left, leftJSON{id.String(), standingOf(&at)})
	}
	return edge.SendJSON(c, out)
}
