package store

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"parley/internal/discuss"
)

// TestNoHotQueryScans asks SQLite how it would run each list.
func TestNoHotQueryScans(t *testing.T) {
	b := newBench(t, Options{})
	b.post(t, 1, "a", 0, "something")
	hot := map[string]string{
		"by id": commentByID, "replies": repliesFirst, "replies after": repliesAfter, "first replies": firstReplies,
		"ancestors": ancestors, "latest": latest, "banned": bannedQuery, "decisions of": decisionsOf, "removed on page": removedOnPage, "unread warnings": unreadQuery,
		"follows": followsOf, "record": recordQuery, "own on page": ownOnPage, "reputation": reputationQuery, "followed": followedQuery, "mutes": mutesOf, "standards": rulesOf,
		"session": sessionByToken, "erase due": eraseDue, "erase next": eraseNext, "guest mark": guestMark, "browser pace": browserPace,
		"jobs due": jobsDue, "jobs next": jobsNext, "asking": asking, "questions next": scoringNext,
		"open notices": openNotices, "answered notices": answeredNotices, "waiting owed": waitingOwed, "gathered list": gatheredList,
		"thread": threadByKey, "alias": threadByAlias, "thread by id": threadByID,
	}
	for _, filter := range []string{"", "new"} { // staff and banned people are few, and sorted
		hot["people "+filter] = peopleQuery(discuss.PeopleQuery{Filter: filter})
		hot["people after "+filter] = peopleQuery(discuss.PeopleQuery{Filter: filter, After: discuss.Cursor{ID: 1}})
	}
	for _, kind := range []string{"", discuss.BanPerson, discuss.BanDomain, discuss.BanRange} {
		q := discuss.BansQuery{Kind: kind, Search: "x"}
		hot["bans "+kind] = bansQuery(q)
		q.After = discuss.Cursor{ID: 1}
		hot["bans after "+kind] = bansQuery(q)
	}
	for name, q := range map[string]discuss.FindQuery{"": {}, " words": {Text: "x"}, " of a person": {Author: 1}, " of a person that are": {Author: 1, Thread: 1, Status: discuss.Rejected}, " one": {Comment: 1}} {
		hot["find"+name] = findQuery(q)
		q.After = discuss.Cursor{ID: 1}
		hot["find"+name+" after"] = findQuery(q)
	}
	hot["threads"] = threadsQuery(discuss.ThreadQuery{})
	hot["alike threads"], hot["note alike"] = alikeThreads, noteAlike
	hot["threads after"] = threadsQuery(discuss.ThreadQuery{After: discuss.Cursor{ID: 1}})
	for _, state := range discuss.QueueStates {
		for _, order := range []string{discuss.OrderUrgent, discuss.OrderOldest} {
			q := discuss.QueueQuery{State: state, Order: order}
			hot[fmt.Sprint("queue ", state, order)] = queueQuery(q)
			q.After = discuss.Cursor{ID: 1}
			hot[fmt.Sprint("queue ", state, order, " after")] = queueQuery(q)
		}
	}
	hot["counts"], hot["count new"] = waitingOf, newCount
	for v, sorts := range listQueries {
		for s, l := range sorts {
			hot[fmt.Sprint(v, s, "first")], hot[fmt.Sprint(v, s, "after")] = l.first, l.after
			if l.rest != "" {
				hot[fmt.Sprint(v, s, "rest")], hot[fmt.Sprint(v, s, "rest after")] = l.rest, l.restAfter
			}
		}
	}
	for name, q := range hot {
		rows, err := b.query(context.Background(), "EXPLAIN QUERY PLAN "+q, used(q, []any{1, 1, 1, 1, 1, 1, 1, 1, 1})...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var plan []string
		for rows.Next() {
			var a, b, c int
			var detail string
			if err := rows.Scan(&a, &b, &c, &detail); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, detail)
			scans := strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "VIRTUAL TABLE") && detail != "SCAN up" && detail != "SCAN step" && !strings.HasPrefix(detail, "SCAN (subquery") && detail != "SCAN CONSTANT ROW" && detail != "SCAN h"
			sorts := strings.Contains(detail, "TEMP B-TREE") && name != "ancestors" && name != "first replies" && name != "banned" && name != "open notices" && !strings.HasPrefix(name, "find words") // at most mostFound rows
			if scans || sorts {
				t.Errorf("%s: %s", name, detail)
			}
		}
		_ = rows.Close()
		if len(plan) == 0 {
			t.Errorf("%s: no plan", name)
		}
	}
}
