package discuss

// TeamSource marks the author of what members of staff write under their team's
// name: a person of the site without an account, whose name nobody else can have.
const TeamSource = "team"

var (
	errNoTeam    = Bad("as", "is not possible: this site has no name for its team")
	errTeamTaken = Bad("team_name", "belongs to a member of this site, or looks like it")
)

// ReserveTeam keeps a site's new team name for it: nobody is called so, and
// nobody will be. skeleton makes alike what looks alike.
func ReserveTeam(r Reader, ch *Changes, old, site Site, skeleton func(string) string) error {
	if site.Settings.Team == "" || site.Settings.Team == old.Settings.Team {
		return nil
	}
	if _, err := r.Team(site.ID, site.Settings.Team); KindOf(err) != NotFound {
		return err // it has had the name before
	}
	taken, err := r.NameTaken(site.ID, skeleton(site.Settings.Team))
	if err != nil {
		return err
	}
	if taken {
		return errTeamTaken
	}
	ch.Add(NewTeam{Author{ID: r.NextID(), SiteID: site.ID, Name: site.Settings.Team, Role: Staff}})
	return nil
}

// asTeam is the author of what one of a site's staff writes for all of them.
func asTeam(r Reader, site Site, who Actor) (Author, error) {
	if !who.May(ActPick) {
		return Author{}, ErrRole
	}
	if site.Settings.Team == "" {
		return Author{}, errNoTeam
	}
	return r.Team(site.ID, site.Settings.Team)
}
