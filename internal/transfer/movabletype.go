package transfer

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"parley/internal/discuss"
)

const movableTypeExport = "a Movable Type or TypePad export"

// The lines that part entries and their sections.
const (
	endOfEntry   = "--------"
	endOfSection = "-----"
)

// MovableType reads the text of Movable Type and TypePad: entries, each with
// sections, of which those called COMMENT are ours. Comments have no id there:
// they are known by entry, date and author. Answers stand flat.
// https://movabletype.org/documentation/appendices/import-export-format.html
func MovableType(r *Reader, o Options) error {
	m := movableType{b: newBuilder("movabletype", o)}
	defer m.b.close()
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		r.Mark()
		text, err := lines.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			var mine *ErrFile
			if errors.As(err, &mine) {
				return mine
			}
			return broken("the file cannot be read")
		}
		if len(text) > maxValue || m.held > maxValue {
			return broken("one element of the file is longer than 1 MiB")
		}
		m.line(strings.TrimRight(text, "\r\n"))
		if err != nil {
			break
		}
	}
	m.found = m.found || m.entry != nil && m.entry["TITLE"] != ""
	switch {
	case !m.found:
		return broken("the file is not %s", movableTypeExport)
	case m.entry != nil || strings.TrimSpace(strings.Join(m.section, "")) != "":
		return broken("the file ends within an entry, without the line %s: it is cut off", endOfEntry)
	}
	return m.b.done()
}

type movableType struct {
	b        *builder
	found    bool
	entry    map[string]string
	section  []string // its lines
	held     int      // bytes of them
	comments [][]string
}

func (m *movableType) line(s string) {
	switch s {
	case endOfEntry:
		m.sectionEnds()
		m.entryEnds()
	case endOfSection:
		m.sectionEnds()
	default:
		m.section = append(m.section, s)
		m.held += len(s)
	}
}

func (m *movableType) sectionEnds() {
	lines := m.section
	m.section, m.held = nil, 0
	if len(lines) == 0 {
		return
	}
	if m.entry == nil { // the facts of the entry
		m.entry = map[string]string{}
		for _, l := range lines {
			if name, v, ok := strings.Cut(l, ": "); ok {
				m.entry[name] = strings.TrimSpace(v)
			}
		}
		m.found = m.found || m.entry["TITLE"] != "" || m.entry["BASENAME"] != ""
		return
	}
	if lines[0] == "COMMENT:" {
		m.comments = append(m.comments, lines[1:])
	}
}

func (m *movableType) entryEnds() {
	e, list := m.entry, m.comments
	m.entry, m.comments = nil, nil
	if len(list) == 0 || e == nil {
		return
	}
	link := e["UNIQUE URL"]
	if link == "" && e["BASENAME"] != "" {
		link = "/" + e["BASENAME"]
	}
	if link == "" && e["TITLE"] != "" {
		link = "entry:" + e["TITLE"]
	}
	thread := m.b.page(link, e["TITLE"], e["ALLOW COMMENTS"] == "0" || e["ALLOW COMMENTS"] == "2")
	for _, lines := range list {
		m.take(thread, link, lines)
	}
}

func (m *movableType) take(thread, link string, lines []string) {
	facts := map[string]string{}
	at := 0
	for ; at < len(lines); at++ {
		name, v, ok := strings.Cut(lines[at], ":")
		if !ok || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != "" {
			break
		}
		facts[name] = strings.TrimSpace(v)
		if name == "DATE" { // the last of them
			at++
			break
		}
	}
	out := discuss.ArchiveComment{Thread: thread, Body: strings.Join(lines[at:], "\n"), Created: flex(facts["DATE"]).time(), Status: discuss.Published}
	sum := sha256.Sum256([]byte(link + "\x00" + facts["DATE"] + "\x00" + facts["AUTHOR"] + "\x00" + out.Body))
	out.Foreign = hex.EncodeToString(sum[:12])
	if !m.b.known(out.Foreign, out.Created) {
		return
	}
	out.HTML = paragraphs(out.Body)
	out.Person = m.b.person("anonymous:"+strings.ToLower(facts["AUTHOR"]), facts["AUTHOR"])
	m.b.comment(out)
}
