package store

import (
	"time"

	"parley/internal/discuss"
)

// memberWeight is what a report by somebody weighs at least whose reports
// count, before accuracy.
const memberWeight = 2

// mostOpenReports of one person are weighed anew when they are discounted.
const mostOpenReports = 200

const openReportsBy = `SELECT comment_id FROM reports WHERE author_id = ?1 AND open = 1 LIMIT ?2`

// OpenReportsBy are comments that a person's open reports are about.
func (t *Tx) OpenReportsBy(reporter discuss.ID) ([]discuss.ID, error) {
	return t.ids(openReportsBy, reporter, mostOpenReports)
}

// DiscountedUntil is until when a person's reports count for nothing.
func (t *Tx) DiscountedUntil(reporter discuss.ID) (at time.Time, err error) {
	var ms int64
	if err = t.get(`SELECT reports_discounted FROM authors WHERE id = ?1`, []any{reporter}, &ms); ms > 0 {
		at = fromMillis(ms)
	}
	return at, err
}

// discountReporter lets a person's reports count for nothing until a time, or
// again, the open ones with them.
func (t *Tx) discountReporter(d discuss.DiscountReporter) error {
	var until int64
	if !d.Until.IsZero() {
		until = millis(d.Until)
	}
	if err := t.exec(`UPDATE authors SET reports_discounted = ?2 WHERE id = ?1`, d.Reporter, until); err != nil {
		return err
	}
	about, err := t.OpenReportsBy(d.Reporter)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE reports SET counts = ?2 = 0 AND weight >= ?3 WHERE author_id = ?1 AND open = 1`, d.Reporter, until, memberWeight); err != nil {
		return err
	}
	for _, id := range about {
		if err := t.exec(`UPDATE comments SET weight = `+openWeight+` WHERE id = ?1`, id); err != nil {
			return err
		}
		if err := t.rerank(id); err != nil {
			return err
		}
	}
	return nil
}
