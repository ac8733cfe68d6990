package auth

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"html/template"
	"time"

	"parley/internal/discuss"
)

// Exported is everything that is kept about an account, as its owner gets it.
type Exported struct {
	Made        time.Time         `json:"made"`
	Account     map[string]any    `json:"account"`
	Identities  []map[string]any  `json:"identities"`
	Sessions    []map[string]any  `json:"sessions"`
	Passkeys    []map[string]any  `json:"passkeys"`
	Sites       []map[string]any  `json:"sites"`
	Accepted    []map[string]any  `json:"accepted"` // standards, when an account was made
	Claims      []map[string]any  `json:"claims"`   // of comments that were imported, and what came of them
	Comments    []ExportedComment `json:"comments"`
	Votes       []map[string]any  `json:"votes"`
	Reactions   []map[string]any  `json:"reactions"` // to comments and to the pages of threads
	Reports     []map[string]any  `json:"reports"`
	Follows     []map[string]any  `json:"follows"`
	Told        []map[string]any  `json:"notifications"`
	Devices     []map[string]any  `json:"push_devices"` // that take messages; without what they are reached by
	PushChoices []map[string]any  `json:"push_choices"`
	Mutes       []map[string]any  `json:"mutes"`
	Warnings    []map[string]any  `json:"warnings"`
	Decisions   []map[string]any  `json:"decisions"` // of moderators and rules, about the comments and the person
	Sanctions   []map[string]any  `json:"sanctions"` // bans and suspensions
	Notices     []map[string]any  `json:"notices"`   // legal ones that were sent with the account's address
	Networks    []map[string]any  `json:"networks"`  // that comments came from, while they are kept
	picture     *Picture          // beside it in the archive
	Images      []ExportedImage   `json:"-"` // beside it too
}

// ExportedComment is one comment with its history.
type ExportedComment struct {
	ID        string    `json:"id"`
	Site      string    `json:"site"`
	Thread    string    `json:"thread"`
	Title     string    `json:"title"`
	URL       string    `json:"url"`
	Status    string    `json:"status"`
	Created   time.Time `json:"created_at"`
	Body      string    `json:"body"`
	Revisions []string  `json:"revisions"`
}

// ExportedImage is an image that an account has put into a comment.
type ExportedImage struct {
	Name string // as its file is called; the text has it without its ending, behind parley:
	Body []byte
}

// WithPicture adds the account's picture to the archive.
func (e Exported) WithPicture(p Picture) Exported {
	e.picture = &p
	return e
}

// Export is an account's ZIP: account.json for programs, index.html to read,
// its picture and the images of its comments.
func (a *Service) Export(ctx context.Context, account discuss.ID) ([]byte, error) {
	e, err := a.Store.ExportAccount(ctx, account)
	if err != nil {
		return nil, err
	}
	e.Made = a.Now().UTC()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, b []byte) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: e.Made})
		if err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	}
	b, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := add("account.json", append(b, '\n')); err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := exportPage.Execute(&page, e); err != nil {
		return nil, err
	}
	if err := add("index.html", page.Bytes()); err != nil {
		return nil, err
	}
	for _, m := range e.Images {
		if err := add("images/"+m.Name, m.Body); err != nil {
			return nil, err
		}
	}
	if e.picture != nil {
		name := "picture.jpg"
		if e.picture.Type == "image/png" {
			name = "picture.png"
		}
		if err := add(name, e.picture.Image); err != nil {
			return nil, err
		}
	}
	err = z.Close() // writes the table of contents
	return out.Bytes(), err
}

var exportPage = template.Must(template.New("export").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>What Parley keeps about {{.Account.name}}</title>
<style>body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.55 system-ui,sans-serif;color-scheme:light dark}table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:.35rem .6rem;border-bottom:1px solid #8885;vertical-align:top;overflow-wrap:anywhere}article{border-block-start:1px solid #8885;padding-block:.8rem}pre{white-space:pre-wrap;font:inherit;margin:.4rem 0}small{opacity:.75}</style>
<h1>What Parley keeps about {{.Account.name}}</h1>
<p>Made on {{.Made.Format "2 January 2006, 15:04 MST"}}. The same, for programs, is in account.json.</p>
<h2>Account</h2><table>{{range $k, $v := .Account}}<tr><th>{{$k}}<td>{{$v}}{{end}}</table>
{{define "list"}}{{if .}}<table>{{range .}}<tr>{{range $k, $v := .}}<td><small>{{$k}}</small><br>{{$v}}{{end}}{{end}}</table>{{else}}<p>None.</p>{{end}}{{end}}
<h2>Sites</h2>{{template "list" .Sites}}
<h2>Standards that you accepted</h2>{{template "list" .Accepted}}
<h2>Ways to sign in</h2>{{template "list" .Identities}}
<h2>Passkeys</h2>{{template "list" .Passkeys}}
<h2>Sessions</h2>{{template "list" .Sessions}}
<h2>Imported comments that you were asked about</h2>{{template "list" .Claims}}
<h2>Comments ({{len .Comments}})</h2>
{{range .Comments}}<article><small>{{.Created.Format "2 January 2006, 15:04"}} · {{.Site}} · {{if .Title}}{{.Title}}{{else}}{{.Thread}}{{end}} · {{.Status}}</small><pre dir="auto">{{.Body}}</pre>{{if .Revisions}}<details><summary>Earlier texts</summary>{{range .Revisions}}<pre dir="auto">{{.}}</pre>{{end}}</details>{{end}}</article>{{else}}<p>None.</p>{{end}}
<h2>Votes</h2>{{template "list" .Votes}}
<h2>Reactions</h2>{{template "list" .Reactions}}
<h2>Reports</h2>{{template "list" .Reports}}
<h2>Follows</h2>{{template "list" .Follows}}
<h2>Notifications</h2>{{template "list" .Told}}
<h2>Devices that take messages</h2>{{template "list" .Devices}}{{template "list" .PushChoices}}
<h2>Muted</h2>{{template "list" .Mutes}}
<h2>Warnings</h2>{{template "list" .Warnings}}
<h2>Decisions about your comments and you</h2>{{template "list" .Decisions}}
<h2>Bans and suspensions</h2>{{template "list" .Sanctions}}
<h2>Legal notices that you sent</h2>{{template "list" .Notices}}
<h2>Networks that your comments came from</h2>{{template "list" .Networks}}
</html>
`))
