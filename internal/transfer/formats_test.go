package transfer

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

// told writes an archive down, so that a test shows what a file becomes.
func told(a *discuss.Archive) string {
	var b strings.Builder
	for _, t := range a.Threads {
		fmt.Fprintf(&b, "page %s %q %s\n", t.Key, t.Title, t.State)
	}
	names := map[string]string{}
	for _, p := range a.People {
		names[p.Foreign] = p.Name
	}
	list := slices.Clone(a.Comments) // parents come first, pages one after another: shown by time
	slices.SortStableFunc(list, func(x, y discuss.ArchiveComment) int { return x.Created.Compare(y.Created) })
	for _, c := range list {
		fmt.Fprintf(&b, "%s", c.Foreign)
		if c.Parent != "" {
			fmt.Fprintf(&b, "<%s", c.Parent)
		}
		fmt.Fprintf(&b, " %s %s %s: %s", c.Created.UTC().Format(time.DateOnly), c.Status, names[c.Person], c.HTML)
		if c.Up+c.Down > 0 {
			fmt.Fprintf(&b, " +%d-%d", c.Up, c.Down)
		}
		if c.Featured {
			b.WriteString(" featured")
		}
		if !c.Edited.IsZero() {
			b.WriteString(" edited")
		}
		b.WriteString("\n")
	}
	for _, s := range a.Skipped {
		fmt.Fprintf(&b, "not %s: %s\n", s.ID, s.Why)
	}
	return strings.TrimSpace(b.String())
}

var formatSamples = []struct {
	format string
	read   func(*Reader, Options) error
	in     string
	want   string
}{
	{
		"wordpress", WordPress, `<?xml version="1.0"?><rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>
<item><title>Ferries &amp; trains</title><link>https://blog.example.com/ferries/</link><wp:post_id>7</wp:post_id><wp:comment_status>closed</wp:comment_status>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author><![CDATA[Ann]]></wp:comment_author><wp:comment_author_email>ann@example.com</wp:comment_author_email><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content><![CDATA[One <b>two</b>

three <script>x</script>]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_type></wp:comment_type><wp:comment_parent>0</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_author>Bo</wp:comment_author><wp:comment_date_gmt>0000-00-00 00:00:00</wp:comment_date_gmt><wp:comment_date>2020-05-07 00:00:00</wp:comment_date><wp:comment_content>No</wp:comment_content><wp:comment_approved>0</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>1</wp:comment_parent></wp:comment>
<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_date_gmt>2020-05-07 00:00:00</wp:comment_date_gmt><wp:comment_content>ping</wp:comment_content><wp:comment_type>pingback</wp:comment_type></wp:comment>
<wp:comment><wp:comment_id>4</wp:comment_id><wp:comment_date_gmt>2020-05-07 00:00:00</wp:comment_date_gmt><wp:comment_content>n</wp:comment_content><wp:comment_type>order_note</wp:comment_type></wp:comment></item></channel></rss>`,
		`page https://blog.example.com/ferries/ "Ferries & trains" closed
1 2020-05-06 published Ann: <p>One <strong>two</strong></p><p>three </p>
2<1 2020-05-07 pending Bo: <p>No</p>
not 3: it is no comment but a pingback
not 4: it is no comment but a order_note`,
	},
	{
		"remark42", Remark42, `{"version":1,"users":[{"id":"github_1","blocked":{"status":false}}],"posts":[{"url":"https://blog.example.com/a","read_only":true}]}
{"id":"c1","pid":"","text":"<p>Hello <em>you</em></p>\n","orig":"Hello *you*","user":{"name":"Ann","id":"github_1","picture":"https://x.example/p.png","ip":"1.2.3.4"},"locator":{"site":"s","url":"https://blog.example.com/a"},"score":3,"votes":{"u1":true},"time":"2021-02-03T04:05:06.789Z","pin":true,"title":"A page"}
{"id":"c2","pid":"c1","text":"<p>Gone</p>","user":{"name":"Bo","id":"anonymous_b"},"locator":{"site":"s","url":"https://blog.example.com/a"},"score":-2,"votes":{},"time":"2021-02-04T04:05:06Z","edit":{"time":"2021-02-05T00:00:00Z","summary":""},"delete":true}`,
		`page https://blog.example.com/a "A page" closed
c1 2021-02-03 published Ann: <p>Hello <em>you</em></p> +3-0 featured
c2<c1 2021-02-04 deleted Bo:  +0-2 edited`,
	},
	{
		"remark42", Remark42, `{"comments":[{"comment":{"id":"1","text":"<p>Top</p>","user":{"name":"Ann","id":"a"},"locator":{"url":"https://blog.example.com/t"},"time":"2021-02-03T04:05:06Z"},"replies":[{"comment":{"id":"2","pid":"1","text":"<p>Under</p>","user":{"name":"Bo","id":"b"},"locator":{"url":"https://blog.example.com/t"},"time":"2021-02-03T05:05:06Z"}}]}],"info":{"url":"x","count":2}}`,
		`page https://blog.example.com/t "" open
1 2021-02-03 published Ann: <p>Top</p>
2<1 2021-02-03 published Bo: <p>Under</p>`,
	},
	{
		"commento", Commento, `{"version":1,"comments":[{"commentHex":"aa","domain":"blog.example.com","url":"/p/","commenterHex":"c1","markdown":"Some *words*","html":"","parentHex":"root","score":4,"state":"approved","creationDate":"2021-03-12T11:21:56Z","deleted":false},
{"commentHex":"bb","domain":"blog.example.com","url":"/p/","commenterHex":"anonymous","markdown":"Buy","html":"","parentHex":"aa","score":0,"state":"flagged","creationDate":"2021-03-12T12:00:00Z"}],"commenters":[{"commenterHex":"c1","name":"Ann","email":"ann@example.com"}]}`,
		`page https://blog.example.com/p/ "" open
aa 2021-03-12 published Ann: <p>Some <em>words</em></p> +4-0
bb<aa 2021-03-12 spam Anonymous: <p>Buy</p>`,
	},
	{
		"commento", Commento, `{"version":3,"pages":[{"id":"p","path":"/p","title":"Page","isReadonly":true}],"comments":[{"id":"1","pageId":"p","url":"https://blog.example.com/p#comentario-1","markdown":"Hi","html":"<p>Hi</p>","createdTime":"2023-11-14T20:15:12.000Z","isApproved":true,"isPending":false,"isSticky":true,"score":2,"userCreated":"u"},
{"id":"2","parentId":"1","pageId":"p","url":"https://blog.example.com/p#comentario-2","markdown":"Wait","html":"<p>Wait</p>","createdTime":"2023-11-14T21:15:12.000Z","isPending":true,"userCreated":"00000000-0000-0000-0000-000000000000"}],"commenters":[{"id":"u","name":"Bugs"}]}`,
		`page https://blog.example.com/p "Page" closed
1 2023-11-14 published Bugs: <p>Hi</p> +2-0 featured
2<1 2023-11-14 pending Anonymous: <p>Wait</p>`,
	},
	{
		"artalk", Artalk, `[{"id":"5","rid":"0","content":"**Bold**","nick":"Ann","email":"a@example.com","password":"x","is_pending":"false","is_pinned":"true","vote_up":"2","vote_down":"1","created_at":"2021-08-12 19:59:21 +0800","page_key":"/a.html","page_title":"A","site_urls":"https://blog.example.com,https://b.example"},
{"id":6,"rid":5,"content":"ok","nick":"Bo","is_pending":true,"created_at":"2021-08-13 00:00:00","page_key":"/a.html","page_title":"A","site_urls":"https://blog.example.com"}]`,
		`page https://blog.example.com/a.html "A" open
5 2021-08-12 published Ann: <p><strong>Bold</strong></p> +2-1 featured
6<5 2021-08-13 pending Bo: <p>ok</p>`,
	},
	{
		"waline", Waline, `{"__version":"1.0","type":"waline","version":1,"time":1,"tables":["Comment","Counter","Users"],"data":{"Comment":[
{"objectId":1,"nick":"Ann","mail":"a@example.com","comment":"Plain *md* <img class=\"wl-emoji\" src=\"https://unpkg.example/x.png\" alt=\"smile\">","insertedAt":"2023-01-02 03:04:05","url":"/w/","status":"approved","like":3,"ip":"1.2.3.4"},
{"objectId":2,"nick":"","comment":"[@Ann](#1): <p>not html first</p>","insertedAt":"2023-01-03 03:04:05","url":"/w/","pid":1,"rid":1,"status":"waiting"},
{"objectId":3,"nick":"Cy","comment":"<p>From Valine</p>","insertedAt":{"__type":"Date","iso":"2023-01-04T00:00:00.000Z"},"url":"/w/","status":"spam"}],"Counter":[],"Users":[{"email":"x@example.com","password":"$2a$"}]}}`,
		`page https://blog.example.com/w/ "" open
1 2023-01-02 published Ann: <p>Plain <em>md</em> smile</p> +3-0
2<1 2023-01-03 pending Anonymous: <p>not html first</p>
3 2023-01-04 spam Cy: <p>From Valine</p>`,
	},
	{
		"coral", wholeCoral, `{"_id":{"$oid":"1"},"id":"s1","tenantID":"t","url":"https://blog.example.com/c","metadata":{"title":"Story"}}
{"id":"u1","tenantID":"t","username":"Ann"}
{"id":"c1","tenantID":"t","storyID":"s1","authorID":"u1","status":"NONE","createdAt":{"$date":"2022-01-02T03:04:05.000Z"},"revisions":[{"body":"<div>First</div>","createdAt":{"$date":"2022-01-02T03:04:05.000Z"}},{"body":"<div>Second</div>","createdAt":{"$date":{"$numberLong":"1641200000000"}}}],"tags":[{"type":"FEATURED"}],"actionCounts":{"REACTION":{"$numberInt":"7"}}}
{"id":"c2","tenantID":"t","storyID":"s1","authorID":"u9","parentID":"c1","status":"REJECTED","createdAt":{"$date":"2022-01-03T03:04:05.000Z"},"revisions":[{"body":"no"}]}`,
		`page https://blog.example.com/c "Story" open
c1 2022-01-02 published Ann: <p>Second</p> +7-0 featured edited
c2<c1 2022-01-03 rejected Anonymous: <p>no</p>`,
	},
	{
		"giscus", Giscus, `{"data":{"repository":{"discussions":{"nodes":[{"title":"blog/post","url":"https://github.com/o/r/discussions/1","comments":{"nodes":[{"id":"D1","author":{"login":"ann"},"body":"Some **md**","createdAt":"2022-05-06T07:08:09Z","upvoteCount":2,"replies":{"nodes":[{"id":"D2","author":null,"body":"reply","createdAt":"2022-05-07T07:08:09Z"}]}}]}}],"pageInfo":{"hasNextPage":false}}}}}`,
		`page https://blog.example.com/blog/post "blog/post" open
D1 2022-05-06 published ann: <p>Some <strong>md</strong></p> +2-0
D2<D1 2022-05-07 published ghost: <p>reply</p>`,
	},
	{
		"giscus", Giscus, `[{"title":"/u/","number":4,"comments":[{"id":"I1","author":{"login":"bo"},"body":"hi","createdAt":"2022-05-06T07:08:09Z"}]}]`,
		`page https://blog.example.com/u/ "/u/" open
I1 2022-05-06 published bo: <p>hi</p>`,
	},
	{
		"blogger", Blogger, `<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0' xmlns:g='http://schemas.google.com/blogger/2008'>
<entry><id>tag:blogger.com,1999:blog-1.post-10</id><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#post'/><title>Post</title><link rel='alternate' href='https://blog.example.com/2020/post.html'/></entry>
<entry><id>tag:blogger.com,1999:blog-1.post-11</id><published>2020-01-02T03:04:05.000-08:00</published><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#comment'/><content type='html'>Hi &lt;b&gt;there&lt;/b&gt;</content><author><name>Ann</name></author><thr:in-reply-to ref='tag:blogger.com,1999:blog-1.post-10'/></entry>
<entry><id>tag:blogger.com,1999:blog-1.post-12</id><published>2020-01-03T03:04:05.000-08:00</published><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#comment'/><content type='html'>Answer</content><author><name>Bo</name></author><link rel='related' href='https://www.blogger.com/feeds/1/10/comments/default/11'/><thr:in-reply-to ref='tag:blogger.com,1999:blog-1.post-10'/></entry></feed>`,
		`page https://blog.example.com/2020/post.html "Post" open
11 2020-01-02 published Ann: <p>Hi <strong>there</strong></p>
12<11 2020-01-03 published Bo: <p>Answer</p>`,
	},
	{
		"blogger", Blogger, `<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>
<entry><id>tag:blogger.com,1999:blog-1.post-21</id><blogger:parent>tag:blogger.com,1999:blog-1.post-20</blogger:parent><blogger:inReplyTo/><blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status><author><name>Ann</name><uri/><blogger:type>BLOGGER</blogger:type></author><content type='html'>Before its page</content><published>2020-01-02T03:04:05Z</published><blogger:trashed/></entry>
<entry><id>tag:blogger.com,1999:blog-1.post-20</id><blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status><title>Post</title><blogger:filename>/2020/post.html</blogger:filename></entry>
<entry><id>tag:blogger.com,1999:blog-1.post-22</id><blogger:parent>tag:blogger.com,1999:blog-1.post-20</blogger:parent><blogger:inReplyTo>tag:blogger.com,1999:blog-1.post-21</blogger:inReplyTo><blogger:type>COMMENT</blogger:type><blogger:status>SPAM</blogger:status><author><name>Bo</name></author><content type='html'>Buy</content><published>2020-01-03T03:04:05Z</published></entry></feed>`,
		`page https://blog.example.com/2020/post.html "Post" open
21 2020-01-02 published Ann: <p>Before its page</p>
22<21 2020-01-03 spam Bo: <p>Buy</p>`,
	},
	{
		"movabletype", MovableType, "TITLE: Entry\nBASENAME: entry\nDATE: 01/31/2002 15:47:06\nALLOW COMMENTS: 1\n-----\nBODY:\nText with a COMMENT: in it.\n-----\nCOMMENT:\nAUTHOR: Ann\nEMAIL: a@example.com\nIP: 1.2.3.4\nURL: http://x.example\nDATE: 02/01/2002 03:04:05 PM\nFirst line.\nSecond: line.\n-----\n--------\n",
		`page https://blog.example.com/entry "Entry" open
* 2002-02-01 published Ann: <p>First line.<br>Second: line.</p>`,
	},
	{
		"csv", CSV, "\ufeffComment ID,Parent ID,Page URL,Author Name,Created At,Comment,Status,Likes\n1,,https://blog.example.com/x,Ann,2023-02-03T04:05:06Z,\"Hello, *you*\",approved,2\n2,1,https://blog.example.com/x,Bo,1675500000,Spam here,spam,0\n,,https://blog.example.com/x,Cy,2023-01-01,No id,,\n",
		`page https://blog.example.com/x "" open
1 2023-02-03 published Ann: <p>Hello, <em>you</em></p> +2-0
2<1 2023-02-04 spam Bo: <p>Spam here</p>
not ?: a comment without an id`,
	},
	{
		"isso-json", IssoGeneric, `[{"id":"/i/","title":"Page","comments":[{"id":1,"author":"Ann","email":"a@example.com","created":"2013-07-01 12:00:00","text":"Some *md*"},{"id":2,"author":"Bo","created":"2013-07-02 12:00:00","text":"re","parent":1}]}]`,
		`page https://blog.example.com/i/ "Page" open
/i/#1 2013-07-01 published Ann: <p>Some <em>md</em></p>
/i/#2</i/#1 2013-07-02 published Bo: <p>re</p>`,
	},
}

func sampleOptions() Options {
	o := options()
	o.Origins = []string{"https://blog.example.com"}
	return o
}

// Every format: what its file says is what we take, and the file says by itself what it is.
func TestWhatOtherSystemsExport(t *testing.T) {
	for _, s := range formatSamples {
		t.Run(s.format, func(t *testing.T) {
			if got := Detect([]byte(s.in)); got != s.format {
				t.Errorf("it is taken for %q", got)
			}
			a, err := readAs(s.read, s.in)
			if err != nil {
				t.Fatal(err)
			}
			got := told(a)
			if s.format == "movabletype" && len(a.Comments) == 1 {
				got = strings.Replace(got, a.Comments[0].Foreign, "*", 1)
			}
			if got != strings.ReplaceAll(s.want, "\t", "") {
				t.Errorf("it becomes\n%s\nwant\n%s", got, s.want)
			}
			if bytes.Contains([]byte(fmt.Sprintf("%+v", a)), []byte("a@example.com")) {
				t.Error("an address has come along")
			}
			again, err := readAs(s.read, s.in)
			if err != nil || told(again) != told(a) {
				t.Errorf("the same file is read differently: %v", err)
			}
		})
	}
}

func readAs(read func(*Reader, Options) error, in string) (*discuss.Archive, error) {
	r, err := Open(strings.NewReader(in), int64(len(in)), 0)
	if err != nil {
		return nil, err
	}
	return archived(sampleOptions(), func(o Options) error { return read(r, o) })
}

// Elements of another namespace are not WordPress's, whatever their names and
// prefixes are; its own are, by whatever prefix.
func TestOtherNamespacesAreNotRead(t *testing.T) {
	a, err := readAs(WordPress, `<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:x="http://plugin.example/"><channel>
<item><title>P</title><x:title>Q</x:title><link>https://blog.example.com/p</link><wp:post_id>1</wp:post_id><x:post_id>2</x:post_id>
<x:comment><x:comment_id>66</x:comment_id><x:comment_date_gmt>2020-05-06 07:08:09</x:comment_date_gmt><x:comment_content>No</x:comment_content></x:comment>
<wp:comment><wp:comment_id>1</wp:comment_id><x:comment_id>9</x:comment_id><wp:comment_author>Ann</wp:comment_author><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content>Yes</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment></item>
<item xmlns:wp="http://other.example/"><title>H</title><link>https://blog.example.com/h</link><wp:post_id>3</wp:post_id><wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content>No</wp:comment_content></wp:comment></item>
<item xmlns:old="http://wordpress.org/export/1.0/"><title>O</title><link>https://blog.example.com/o</link><old:post_id>4</old:post_id><old:comment><old:comment_id>4</old:comment_id><old:comment_author>Bo</old:comment_author><old:comment_date_gmt>2020-05-07 07:08:09</old:comment_date_gmt><old:comment_content>Old</old:comment_content><old:comment_approved>1</old:comment_approved></old:comment></item></channel></rss>`)
	if err != nil {
		t.Fatal(err)
	}
	want := `page https://blog.example.com/p "P" open
page https://blog.example.com/o "O" open
1 2020-05-06 published Ann: <p>Yes</p>
4 2020-05-07 published Bo: <p>Old</p>`
	if got := told(a); got != want {
		t.Errorf("it becomes\n%s\nwant\n%s", got, want)
	}
}

// wholeCoral is Coral where there is one file.
func wholeCoral(r *Reader, o Options) error {
	if err := Coral(r, o); err != nil {
		return err
	}
	return CoralEnd(o)
}

// A file that ends anywhere is refused whole, or read to where its last whole
// row ends; another system's file is refused; nothing panics.
func TestFilesOfOtherSystemsAndHalfOnes(t *testing.T) {
	for _, s := range formatSamples {
		for _, o := range formatSamples {
			if o.format == s.format || o.format == "isso-json" || s.format == "coral" {
				continue
			}
			a, err := readAs(s.read, o.in)
			if err == nil && len(a.Comments) > 0 && s.format != "waline" && s.format != "remark42" {
				t.Errorf("%s reads a file of %s: %s", s.format, o.format, told(a))
			}
			if err != nil && !errors.As(err, new(*ErrFile)) {
				t.Errorf("%s of %s: %v is no word about the file", s.format, o.format, err)
			}
		}
		for cut := range len(s.in) {
			if _, err := readAs(s.read, s.in[:cut]); err != nil && !errors.As(err, new(*ErrFile)) {
				t.Fatalf("%s cut at %d: %v", s.format, cut, err)
			}
		}
	}
}

func FuzzFormats(f *testing.F) {
	for i, s := range formatSamples {
		f.Add(i, s.in)
	}
	f.Fuzz(func(t *testing.T, i int, in string) {
		s := formatSamples[uint(i)%uint(len(formatSamples))]
		Detect([]byte(in))
		a, err := readAs(s.read, in)
		if err != nil {
			if !errors.As(err, new(*ErrFile)) {
				t.Fatalf("%s: %v", s.format, err)
			}
			return
		}
		ids := map[string]bool{"": true}
		for _, c := range a.Comments {
			if !ids[c.Parent] {
				t.Fatalf("%s: %s stands before the comment it answers", s.format, c.Foreign)
			}
			if ids[c.Foreign] {
				t.Fatalf("%s: %s twice", s.format, c.Foreign)
			}
			ids[c.Foreign] = true
		}
	})
}
