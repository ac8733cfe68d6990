package web

import (
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type auditJSON struct {
	ID     int64  `json:"id"`
	At     string `json:"at"`
	By     string `json:"by"`
	ByID   string `json:"by_id"`
	Action string `json:"action"`
	Kind   string `json:"kind"`
	Target string `json:"target"`
	Called string `json:"target_name"` // today: of a person, a thread, a comment's author
	Rule   int64  `json:"rule"`
	Reason string `json:"reason"`
	Note   string `json:"note"`
	Before string `json:"before"`
	After  string `json:"after"`
	Erased bool   `json:"erased"`
	Hash   string `json:"hash"`
}

type auditPageJSON struct {
	Entries    []auditJSON `json:"entries"`
	NextCursor *string     `json:"next_cursor"`
}

const (
	auditExport = 50_000 // rows of one export
	auditChunk  = 500
)

// getAudit is the audit log, newest first: a page of it, or the whole as a file.
func (s *Server) getAudit(format string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, done := edge.Deadline()
		defer done()
		act := discuss.ActRead
		if format != "" {
			act = discuss.ActExport
		}
		st, who, err := s.moderating(ctx, c, act)
		if err == nil && format != "" {
			err = s.Proved(who)
		}
		if err != nil {
			return err
		}
		q, err := auditQuery(c, st)
		if err != nil {
			return err
		}
		if format != "" {
			q.Limit = auditChunk
			return s.exportAudit(c, q, format)
		}
		return s.auditPage(ctx, c, q)
	}
}

func auditQuery(c *fiber.Ctx, st discuss.Site) (discuss.AuditQuery, error) {
	q := discuss.AuditQuery{Site: st.ID, Action: c.Query("action"), Kind: c.Query("kind")}
	var err error
	if q.Limit, err = limit(c); err != nil {
		return q, err
	}
	for _, p := range []struct {
		name string
		id   *discuss.ID
	}{{"actor", &q.Actor}, {"target", &q.Target}} {
		if v := c.Query(p.name); v != "" {
			if *p.id, err = discuss.ParseID(v); err != nil {
				return q, discuss.Bad(p.name, "is not an id")
			}
		}
	}
	for _, p := range []struct {
		name string
		t    *time.Time
	}{{"from", &q.From}, {"to", &q.To}} {
		if v := c.Query(p.name); v != "" {
			if *p.t, err = time.Parse(time.RFC3339, v); err != nil {
				return q, discuss.Bad(p.name, "must be a time like 2026-11-25T08:00:00Z")
			}
		}
	}
	if v := c.Query("cursor"); v != "" {
		if q.Before, err = strconv.ParseInt(v, 36, 64); err != nil || q.Before <= 0 {
			return q, discuss.Bad("cursor", "is not a cursor of this list")
		}
	}
	return q, nil
}

func (s *Server) auditPage(ctx context.Context, c *fiber.Ctx, q discuss.AuditQuery) error {
	n := q.Limit
	q.Limit++
	rows, err := s.cfg.Discuss.Store.AuditPage(ctx, q)
	if err != nil {
		return err
	}
	out := auditPageJSON{Entries: []auditJSON{}}
	if len(rows) > n {
		rows = rows[:n]
		out.NextCursor = shape.Ptr(strconv.FormatInt(rows[n-1].ID, 36))
	}
	for _, l := range rows {
		out.Entries = append(out.Entries, auditLine(l))
	}
	return edge.SendJSON(c, out)
}

func auditLine(l discuss.AuditLine) auditJSON {
	out := auditJSON{l.ID, shape.Time(l.At), l.Name, "", l.Action, l.Kind, "", l.TargetName, l.Rule, l.Reason, l.Note, l.Before, l.After, l.Erased, l.Hash}
	if l.Actor != 0 {
		out.ByID = l.Actor.String()
	}
	if l.Target != 0 {
		out.Target = l.Target.String()
	}
	return out
}

// exportAudit answers with the log as a file.
func (s *Server) exportAudit(c *fiber.Ctx, q discuss.AuditQuery, format string) error {
	ctx, done := edge.Deadline()
	defer done()
	var b strings.Builder
	w := csv.NewWriter(&b)
	if format == "csv" {
		_ = w.Write([]string{"id", "at", "by", "action", "kind", "target", "rule", "reason", "note", "before", "after", "hash"})
	}
	for n := 0; n < auditExport; {
		rows, err := s.cfg.Discuss.Store.AuditPage(ctx, q)
		if err != nil {
			return err
		}
		for _, l := range rows {
			j := auditLine(l)
			if format == "csv" {
				_ = w.Write([]string{
					strconv.FormatInt(j.ID, 10), j.At, inert(j.By), j.Action, j.Kind, j.Target, strconv.FormatInt(j.Rule, 10),
					inert(j.Reason), inert(j.Note), inert(j.Before), inert(j.After), j.Hash,
				})
				continue
			}
			line, err := edge.Encode(j)
			if err != nil {
				return err
			}
			b.Write(line)
		}
		n += len(rows)
		if len(rows) < q.Limit {
			break
		}
		q.Before = rows[len(rows)-1].ID
	}
	w.Flush()
	kind := "application/x-ndjson"
	if format == "csv" {
		kind = "text/csv; charset=utf-8"
	}
	c.Set("Content-Disposition", `attachment; filename="audit.`+format+`"`)
	c.Response().Header.SetContentType(kind)
	c.Response().SetBodyString(b.String())
	return nil
}

// inert keeps a spreadsheet from reading a text as a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
