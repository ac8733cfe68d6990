package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// maxValue is how large one object of a list may be, in bytes.
const maxValue = maxToken

// documentEnd is the path that ends each document.
const documentEnd = "$"

// walkJSON reads one document, or several one after the other, without holding
// more than one element of a list: take is given the elements of the arrays that
// stand under a path, "" for an array that is the document itself. What no path
// names is passed over. Single values come with a path that begins with a dot.
func walkJSON(r *Reader, what string, take func(path string, v json.RawMessage) error) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	seen := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !seen {
				return broken("the file is not %s", what)
			}
			return nil
		}
		if err != nil {
			return jsonError(err, d.InputOffset())
		}
		seen = true
		delim, ok := tok.(json.Delim)
		if !ok || delim != '{' && delim != '[' {
			return broken("the file is not %s", what)
		}
		if err := walkValue(r, d, delim, "", 0, take); err != nil {
			return err
		}
		if err := take(documentEnd, nil); err != nil {
			return err
		}
	}
}

// walkValue reads what has begun with a delimiter: lists element by element,
// objects by going down.
func walkValue(r *Reader, d *json.Decoder, begun json.Delim, path string, depth int, take func(string, json.RawMessage) error) error {
	if depth > maxDepth {
		return broken("the file nests deeper than %d levels", maxDepth)
	}
	for d.More() {
		r.Mark()
		if begun == '[' {
			var v json.RawMessage
			if err := d.Decode(&v); err != nil {
				return jsonError(err, d.InputOffset())
			}
			if len(v) > maxValue {
				return broken("one element of the file is longer than 1 MiB")
			}
			if err := take(path, v); err != nil {
				return err
			}
			continue
		}
		key, err := d.Token()
		if err != nil {
			return jsonError(err, d.InputOffset())
		}
		name, _ := key.(string)
		at := name
		if path != "" {
			at = path + "." + name
		}
		tok, err := d.Token()
		if err != nil {
			return jsonError(err, d.InputOffset())
		}
		if delim, ok := tok.(json.Delim); ok {
			if err := walkValue(r, d, delim, at, depth+1, take); err != nil {
				return err
			}
			continue
		}
		v, err := json.Marshal(tok)
		if err != nil {
			return err
		}
		if err := take("."+at, v); err != nil { // a single value: its path begins with a dot
			return err
		}
	}
	if _, err := d.Token(); err != nil { // the closing delimiter
		return jsonError(err, d.InputOffset())
	}
	return nil
}

func jsonError(err error, at int64) error {
	var mine *ErrFile
	if errors.As(err, &mine) {
		return mine
	}
	return broken("the file is not well-formed JSON at byte %d", at)
}

// walkLines reads one JSON object a line.
func walkLines(r *Reader, take func(line int, v json.RawMessage) error) error {
	s := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		r.Mark()
		b, err := s.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			var mine *ErrFile
			if errors.As(err, &mine) {
				return mine
			}
			return broken("the file cannot be read at line %d", n)
		}
		if len(b) > maxValue {
			return broken("line %d is longer than 1 MiB", n)
		}
		if b = bytes.TrimSpace(b); len(b) > 0 {
			if !json.Valid(b) {
				return broken("line %d is not JSON", n)
			}
			if err := take(n, b); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}
