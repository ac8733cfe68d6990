package store

import (
	"context"
	"errors"
	"sync"

	"github.com/mattn/go-sqlite3"
)

// readers are the connections that read, opened as they are needed. The one
// given back last is lent first: its cache is warm, and the others stay small.
type readers struct {
	open  func() (*sqlite3.SQLiteConn, error)
	slots chan struct{} // as many as there may be lent

	mu     sync.Mutex
	free   []*reader
	closed bool
}

// reader is one connection with what it has prepared.
type reader struct {
	conn  *sqlite3.SQLiteConn
	stmts map[string]*statement
}

func newReaders(c connector, most int) *readers {
	return &readers{slots: make(chan struct{}, most), open: func() (*sqlite3.SQLiteConn, error) {
		conn, err := c.Connect(context.Background())
		if err != nil {
			return nil, err
		}
		return conn.(*sqlite3.SQLiteConn), nil
	}}
}

var errClosed = errors.New("the store is closed")

// lend waits for a connection until ctx ends.
func (p *readers) lend(ctx context.Context) (*reader, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if r, err := p.idle(); r != nil || err != nil {
		return r, err
	}
	conn, err := p.open()
	if err != nil {
		<-p.slots
		return nil, err
	}
	return &reader{conn, map[string]*statement{}}, nil
}

// idle is a connection that nobody uses; nil if there is none.
func (p *readers) idle() (*reader, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		<-p.slots
		return nil, errClosed
	}
	n := len(p.free)
	if n == 0 {
		return nil, nil
	}
	r := p.free[n-1]
	p.free = p.free[:n-1]
	return r, nil
}

func (p *readers) giveBack(r *reader) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		r.close()
	} else {
		p.free = append(p.free, r)
	}
	<-p.slots
}

// close ends those that nobody uses; the others end when they are given back.
func (p *readers) close() (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, r := range p.free {
		err = errors.Join(err, r.close())
	}
	p.free = nil
	return err
}

func (r *reader) close() error {
	for _, st := range r.stmts {
		_ = st.Close()
	}
	return r.conn.Close()
}

func (r *reader) stmt(query string) (*statement, error) {
	if st, ok := r.stmts[query]; ok {
		return st, nil
	}
	st, err := prepare(r.conn, query)
	if err == nil {
		r.stmts[query] = st
	}
	return st, err
}

// query reads until the rows are closed, or ctx ends.
func (p *readers) query(ctx context.Context, query string, args []any) (*rows, error) {
	r, err := p.lend(ctx)
	if err != nil {
		return nil, err
	}
	var out *rows
	st, err := r.stmt(query)
	if err == nil {
		out, err = st.read(ctx, args)
	}
	if err != nil {
		p.giveBack(r)
		return nil, err
	}
	out.done = func() { p.giveBack(r) }
	return out, nil
}

// once is query for a statement that is not worth keeping.
func (p *readers) once(ctx context.Context, query string, args []any) (*rows, error) {
	r, err := p.lend(ctx)
	if err != nil {
		return nil, err
	}
	st, err := prepare(r.conn, query)
	if err != nil {
		p.giveBack(r)
		return nil, err
	}
	end := func() {
		_ = st.Close()
		p.giveBack(r)
	}
	out, err := st.read(ctx, args)
	if err != nil {
		end()
		return nil, err
	}
	out.done = end
	return out, nil
}
