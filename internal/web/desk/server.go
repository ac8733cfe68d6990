package desk

import (
	"context"
	"errors"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// ServerState is how the whole server stands, for those who run it.
type ServerState struct {
	Version   string
	Sites     []SiteState
	Operators []auth.Account
	Outbound  bool // mail and requests may leave
	Jobs      JobCounts
	Database  string // its file
	Bytes     int64  // of it, with its log
	Free      int64  // of the disk; -1: not known
	ReadOnly  bool   // the last write could not be kept
	Backups   BackupState
}

// SiteState is one of its sites.
type SiteState struct {
	Site     discuss.Site
	Threads  int
	Comments int
}

// JobCounts is what waits to be done, was given up, and left.
type JobCounts struct {
	Waiting, Failed, Held int
	Sent                  int       // mails of the last day
	Last                  time.Time // when the last one left
}

// BackupState is how its backups stand.
type BackupState struct {
	Dir   string // "" where it makes none by itself
	Every time.Duration
	Keep  int
	Newest
	Good    bool
	Trouble string // in a sentence; "" none
}

// Newest is the newest backup; the zero value where there is none.
type Newest struct {
	File  string
	Made  time.Time
	Bytes int64
}

// FailedJob is a job that was given up. It holds nobody's address.
type FailedJob struct {
	ID       discuss.ID
	Kind     string
	Why      string
	Site     string // key; "" of none
	Attempts int
	Created  time.Time
	Failed   time.Time
}

// Server is what operators see and do of the whole server.
type Server interface {
	ServerState(ctx context.Context) (ServerState, error)
	FailedJobs(ctx context.Context, limit int) ([]FailedJob, error)
	// RetryJobs makes jobs that were given up due again: one, or with 0 all of them. DropJob forgets one.
	RetryJobs(ctx context.Context, id discuss.ID) (int, error)
	DropJob(ctx context.Context, id discuss.ID) error
	// EndHeld lets go of what is held since a restore, or forgets it.
	EndHeld(ctx context.Context, send bool) error
	SetOperator(ctx context.Context, account discuss.ID, on bool, by string) error
}

type serverSite struct {
	Key      string   `json:"key"`
	Name     string   `json:"name"`
	Origins  []string `json:"origins"`
	Threads  int      `json:"threads"`
	Comments int      `json:"comments"`
	Archived *string  `json:"archived_at"`
	Deletes  *string  `json:"deletes_at"`
}

type operator struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	You   bool   `json:"you"`
}

type serverMail struct {
	Relay    bool    `json:"relay"`    // else mail is printed to the log
	Outbound bool    `json:"outbound"` // false: a copy to try things on; nothing leaves
	Waiting  int     `json:"waiting"`  // jobs, mail among them
	Failed   int     `json:"failed"`
	Held     int     `json:"held"` // since a restore
	Sent     int     `json:"sent_last_day"`
	Last     *string `json:"last_sent_at"`
}

type serverDisk struct {
	Database string `json:"database"`
	Bytes    int64  `json:"bytes"`
	Free     int64  `json:"free_bytes"` // -1: not known
	ReadOnly bool   `json:"read_only"`  // the last write could not be kept
}

type serverBackups struct {
	Dir     string  `json:"folder"` // "" where the server makes none by itself
	Hours   float64 `json:"every_hours"`
	Keep    int     `json:"keep"`
	File    string  `json:"newest_file"`
	Made    *string `json:"newest_at"`
	Bytes   int64   `json:"newest_bytes"`
	Good    bool    `json:"good"`
	Trouble string  `json:"trouble"` // in a sentence; "" none
}

type serverOut struct {
	Version   string        `json:"version"`
	URL       string        `json:"public_url"`
	Sites     []serverSite  `json:"sites"`
	Operators []operator    `json:"operators"`
	Mail      serverMail    `json:"mail"`
	Disk      serverDisk    `json:"disk"`
	Backups   serverBackups `json:"backups"`
}

// server is how the whole server stands.
func (r Room) server(ctx context.Context, q *edge.Request, _ edge.None) (serverOut, error) {
	v, err := r.Server.ServerState(ctx)
	if err != nil {
		return serverOut{}, err
	}
	out := serverOut{
		Version: v.Version, URL: r.Shape.Base, Sites: []serverSite{}, Operators: []operator{},
		Mail: serverMail{r.Relay, v.Outbound, v.Jobs.Waiting, v.Jobs.Failed, v.Jobs.Held, v.Jobs.Sent, shape.MaybeTime(v.Jobs.Last)},
		Disk: serverDisk{v.Database, v.Bytes, v.Free, v.ReadOnly},
		Backups: serverBackups{
			v.Backups.Dir, v.Backups.Every.Hours(), v.Backups.Keep, v.Backups.File, shape.MaybeTime(v.Backups.Made), v.Backups.Bytes, v.Backups.Good, v.Backups.Trouble,
		},
	}
	for _, s := range v.Sites {
		out.Sites = append(out.Sites, serverSite{
			s.Site.Key, s.Site.Name, append([]string{}, s.Site.Origins...), s.Threads, s.Comments, shape.MaybeTime(s.Site.Archived), shape.MaybeTime(s.Site.Deletes),
		})
	}
	for _, a := range v.Operators {
		out.Operators = append(out.Operators, operator{a.ID.String(), a.Name, a.Email, a.ID == q.Who.Account})
	}
	return out, nil
}

type failedJob struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Why      string `json:"why"`
	Site     string `json:"site"` // key; "" of none
	Attempts int    `json:"attempts"`
	Created  string `json:"created_at"`
	Failed   string `json:"failed_at"`
}

type failedJobs struct {
	Jobs []failedJob `json:"jobs"`
}

// mostFailedJobs is how many are listed, the newest.
const mostFailedJobs = 100

func (r Room) failedJobs(ctx context.Context, _ *edge.Request, _ edge.None) (failedJobs, error) {
	out := failedJobs{[]failedJob{}}
	list, err := r.Server.FailedJobs(ctx, mostFailedJobs)
	for _, j := range list {
		out.Jobs = append(out.Jobs, failedJob{j.ID.String(), j.Kind, j.Why, j.Site, j.Attempts, shape.Time(j.Created), shape.Time(j.Failed)})
	}
	return out, err
}

type jobIn struct {
	ID discuss.ID `path:"id" json:"-"`
}

type retried struct {
	Retried int `json:"retried"`
}

// retryJob has one job tried again; retryJobs all that failed.
func (r Room) retryJob(ctx context.Context, _ *edge.Request, in jobIn) (retried, error) {
	n, err := r.Server.RetryJobs(ctx, in.ID)
	if err == nil && n == 0 {
		err = discuss.ErrNotFound
	}
	return retried{n}, err
}

func (r Room) retryJobs(ctx context.Context, _ *edge.Request, _ edge.None) (retried, error) {
	n, err := r.Server.RetryJobs(ctx, 0)
	return retried{n}, err
}

func (r Room) dropJob(ctx context.Context, _ *edge.Request, in jobIn) (none edge.None, err error) {
	return none, r.Server.DropJob(ctx, in.ID)
}

type heldIn struct {
	Act string `json:"act" enum:"send,drop"`
}

// endHeld sends what is held since a restore, or drops it.
func (r Room) endHeld(ctx context.Context, _ *edge.Request, in heldIn) (none edge.None, err error) {
	if in.Act != "send" && in.Act != "drop" {
		return none, discuss.Bad("act", "must be send or drop")
	}
	return none, r.Server.EndHeld(ctx, in.Act == "send")
}

type operatorIn struct {
	Email string `json:"email"`
	On    bool   `json:"on"`
}

// setOperator makes somebody an operator, or no more. The last one stays.
func (r Room) setOperator(ctx context.Context, q *edge.Request, in operatorIn) (serverOut, error) {
	email, err := auth.Email(in.Email)
	if err != nil {
		return serverOut{}, err
	}
	acc, err := r.Auth.Store.AccountByEmail(ctx, email)
	switch {
	case discuss.KindOf(err) == discuss.NotFound || err == nil && !acc.Verified:
		return serverOut{}, discuss.Bad("email", "belongs to no account that has confirmed it")
	case err != nil:
		return serverOut{}, err
	}
	if err := r.Server.SetOperator(ctx, acc.ID, in.On, q.Who.Name); err != nil {
		if errors.Is(err, auth.ErrNeeded) {
			err = &discuss.Error{Kind: discuss.Conflict, Code: "last_operator", Detail: "The server would have nobody left who runs it. Name another operator first."}
		}
		return serverOut{}, err
	}
	r.ForgetAll()
	return r.server(ctx, q, edge.None{})
}

// serverRoutes are those of whoever runs the whole server.
func (r Room) serverRoutes(do func(method, path, summary string, gate edge.Gate) edge.Route) []edge.Route {
	const at = "/api/v1/server"
	get := func(path, summary string) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: edge.Operator, Errors: []int{401, 403}}
	}
	return []edge.Route{
		edge.JSON(get(at, "How the whole server stands: sites, operators, mail, disk, backups"), r.server),
		edge.JSON(get(at+"/jobs", "The jobs that failed, newest first"), r.failedJobs),
		edge.JSON(do("POST", at+"/jobs/retry", "Try all of them again", edge.Operator), r.retryJobs),
		edge.JSON(do("POST", at+"/jobs/:id/retry", "Try one of them again", edge.Operator), r.retryJob),
		edge.JSON(do("DELETE", at+"/jobs/:id", "Forget one of them", edge.Operator), r.dropJob),
		edge.JSON(do("POST", at+"/held", "Send what is held since a restore, or drop it", edge.Operator), r.endHeld),
		edge.JSON(do("PUT", at+"/operators", "Let an account run the whole server, or no more", edge.Operator), r.setOperator),
	}
}
