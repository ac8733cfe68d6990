package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type auditEntry struct {
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

type auditPage struct {
	Entries    []auditEntry `json:"entries"`
	NextCursor *string      `json:"next_cursor"`
}

const (
	auditExport = 50_000 // rows of one export
	auditChunk  = 500
)

type auditIn struct {
	Site   string     `path:"site" json:"-"`
	Action string     `query:"action" json:"-"`
	Kind   string     `query:"kind" json:"-"`
	Actor  discuss.ID `query:"actor" json:"-"`
	Target discuss.ID `query:"target" json:"-"`
	From   string     `query:"from" json:"-" format:"date-time"`
	To     string     `query:"to" json:"-" format:"date-time"`
	Cursor string     `query:"cursor" json:"-"`
	Limit  int        `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20"`
}

func (in auditIn) query(site discuss.ID) (q discuss.AuditQuery, err error) {
	q = discuss.AuditQuery{Site: site, Action: in.Action, Kind: in.Kind, Actor: in.Actor, Target: in.Target, Limit: in.Limit}
	if q.From, err = moment("from", in.From); err != nil {
		return q, err
	}
	if q.To, err = moment("to", in.To); err != nil {
		return q, err
	}
	if in.Cursor != "" {
		row, ok := strings.CutPrefix(in.Cursor, auditCursor)
		if q.Before, err = strconv.ParseInt(row, 36, 64); err != nil || !ok || q.Before <= 0 {
			return q, discuss.Bad("cursor", "is not a cursor of this list")
		}
	}
	return q, nil
}

// auditCursor begins the cursors of the log, or any short word would be one.
const auditCursor = "a_"

// audit is one page of the audit log, newest first.
func (r Room) audit(ctx context.Context, q *edge.Request, in auditIn) (auditPage, error) {
	out := auditPage{Entries: []auditEntry{}}
	query, err := in.query(q.Site.ID)
	if err != nil {
		return out, err
	}
	query.Limit++
	rows, err := r.Discuss.Audit(ctx, q.Who, query, false)
	if err != nil {
		return out, err
	}
	rows, last := edge.Page(rows, in.Limit)
	if last != nil {
		out.NextCursor = shape.Ptr(auditCursor + strconv.FormatInt(last.ID, 36))
	}
	for _, l := range rows {
		out.Entries = append(out.Entries, auditLine(l))
	}
	return out, nil
}

func auditLine(l discuss.AuditLine) auditEntry {
	out := auditEntry{l.ID, shape.Time(l.At), l.Name, "", l.Action, l.Kind, "", l.TargetName, l.Rule, l.Reason, l.Note, l.Before, l.After, l.Erased, l.Hash}
	if l.Actor != 0 {
		out.ByID = l.Actor.String()
	}
	if l.Target != 0 {
		out.Target = l.Target.String()
	}
	return out
}

// auditFile is the log as a file: csv, or jsonl.
func (r Room) auditFile(format string) func(context.Context, *edge.Request, auditIn) (edge.File, error) {
	return func(ctx context.Context, q *edge.Request, in auditIn) (edge.File, error) {
		query, err := in.query(q.Site.ID)
		if err != nil {
			return edge.File{}, err
		}
		var b bytes.Buffer
		write, flush := jsonLines(&b), func() {}
		out := edge.File{Name: "audit." + format, Type: "application/x-ndjson"}
		if format == "csv" {
			out.Type = "text/csv; charset=utf-8"
			write, flush = auditCSV(&b)
		}
		query.Limit = auditChunk
		for n := 0; n < auditExport; {
			rows, err := r.Discuss.Audit(ctx, q.Who, query, true)
			if err != nil {
				return edge.File{}, err
			}
			for _, l := range rows {
				if err := write(auditLine(l)); err != nil {
					return edge.File{}, err
				}
			}
			n += len(rows)
			if len(rows) < query.Limit {
				break
			}
			query.Before = rows[len(rows)-1].ID
		}
		flush()
		out.Body = b.Bytes()
		return out, nil
	}
}

func jsonLines(b *bytes.Buffer) func(auditEntry) error {
	return func(e auditEntry) error {
		line, err := edge.Encode(e)
		b.Write(line)
		return err
	}
}

func auditCSV(b *bytes.Buffer) (write func(auditEntry) error, flush func()) {
	b.WriteString("\uFEFF") // else spreadsheets take UTF-8 for something else
	w := csv.NewWriter(b)
	// What people read stands first, what programs join by after it.
	_ = w.Write([]string{"id", "at", "by", "action", "kind", "target_name", "reason", "note", "before", "after", "rule", "target", "hash"})
	return func(e auditEntry) error {
		return w.Write([]string{
			strconv.FormatInt(e.ID, 10), e.At, inert(e.By), e.Action, e.Kind, inert(e.Called),
			inert(e.Reason), inert(e.Note), inert(e.Before), inert(e.After), strconv.FormatInt(e.Rule, 10), e.Target, e.Hash,
		})
	}, w.Flush
}

// formulas is what a spreadsheet takes for the beginning of a formula, in the
// wide forms of East Asia as well.
const formulas = "=+-@＝＋－＠"

// inert keeps a spreadsheet from reading a text as a formula, also one that
// begins after blanks or a line break: those are cut by some of them.
func inert(s string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }))
	if s != "" && (strings.ContainsRune(formulas, first) || strings.ContainsRune("\t\r\n", rune(s[0]))) {
		return "'" + s
	}
	return s
}
