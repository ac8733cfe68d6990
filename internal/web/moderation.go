package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
)

func (s *Server) getQueue(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.identify(ctx, c, st)
	if err != nil {
		return err
	}
	if !who.actor.SignedIn() {
		return discuss.ErrSignedOut
	}
	if !who.actor.Can(discuss.Moderator) {
		return discuss.ErrRole
	}
	state := discuss.QueueState(c.Query("state", string(discuss.QueuePending)))
	switch state {
	case discuss.QueuePending, discuss.QueueReported, discuss.QueueSpam, discuss.QueueRejected, discuss.QueueDeleted:
	default:
		return discuss.Bad("state", "must be pending, reported, spam, rejected or deleted")
	}
	n, err := limit(c)
	if err != nil {
		return err
	}
	from, err := discuss.ParseCursor(c.Query("cursor"), discuss.SortOldest)
	if err != nil {
		return err
	}
	rows, err := s.cfg.Discuss.Store.Queue(ctx, st.ID, state, from, n+1)
	if err != nil {
		return err
	}
	var next discuss.Cursor
	if len(rows) > n {
		rows = rows[:n]
		next = discuss.CursorAt(rows[n-1], discuss.SortOldest, discuss.ViewFlat)
	}
	out := queueJSON{Comments: s.comments(rows, true), NextCursor: cursor(next), Threads: map[string]queueThread{}, Reports: map[string][]reportJSON{}}
	for _, row := range rows {
		if err := s.queueContext(ctx, row, &out); err != nil {
			return err
		}
	}
	return sendJSON(c, out)
}

// queueJSON is one page of a moderation list with what a decision needs beside
// the text: where it stands and what readers said of it.
type queueJSON struct {
	Comments   []commentJSON           `json:"comments"`
	NextCursor *string                 `json:"next_cursor"`
	Threads    map[string]queueThread  `json:"threads"` // by thread_id
	Reports    map[string][]reportJSON `json:"reports"` // open ones, by comment id
}

type queueThread struct {
	Title string `json:"title"`
	Key   string `json:"key"`
	URL   string `json:"url"`
	State string `json:"state"`
}

type reportJSON struct {
	Reason string `json:"reason"`
	Note   string `json:"note"`
	At     string `json:"created_at"`
}

func (s *Server) queueContext(ctx context.Context, row discuss.Comment, out *queueJSON) error {
	if _, ok := out.Threads[row.ThreadID.String()]; !ok {
		th, err := s.cfg.Discuss.Store.ThreadByID(ctx, row.ThreadID)
		if err != nil {
			return err
		}
		out.Threads[row.ThreadID.String()] = queueThread{th.Title, th.Key, th.URL, string(th.State)}
	}
	if row.Reports == 0 {
		return nil
	}
	reports, err := s.cfg.Discuss.Store.OpenReports(ctx, row.ID)
	if err != nil {
		return err
	}
	for _, r := range reports {
		out.Reports[row.ID.String()] = append(out.Reports[row.ID.String()], reportJSON{r.Reason, r.Note, rfc3339(r.At)})
	}
	return nil
}

type decisionIn struct {
	Comment string `json:"comment_id"`
	Action  string `json:"action"`
	Reason  string `json:"reason,omitempty"`
	Note    string `json:"note,omitempty"`
}

type decisionsJSON struct {
	Results []decisionResult `json:"results"`
}

type decisionResult struct {
	Comment string  `json:"comment_id"`
	OK      bool    `json:"ok"`
	Error   *string `json:"error"` // a code; null where it went well
}

func (s *Server) postDecisions(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.identify(ctx, c, st)
	if err != nil {
		return err
	}
	var in []decisionIn
	if err := decode(c, &in); err != nil {
		return err
	}
	ds := make([]discuss.Decision, len(in))
	for i, d := range in {
		id, _ := discuss.ParseID(d.Comment) // 0 is the id of nothing: that one fails alone
		ds[i] = discuss.Decision{Comment: id, Action: d.Action, Reason: d.Reason, Note: d.Note}
	}
	errs, err := s.cfg.Discuss.Decide(ctx, st, who.actor, ds)
	if err != nil {
		return err
	}
	out := decisionsJSON{make([]decisionResult, len(in))}
	for i, e := range errs {
		out.Results[i] = decisionResult{Comment: in[i].Comment, OK: e == nil}
		if e != nil {
			out.Results[i].Error = ptr(code(e))
		}
	}
	return sendJSON(c, out)
}
