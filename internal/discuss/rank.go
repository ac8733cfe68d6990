package discuss

import "math"

// rankZ is the normal quantile for a one-sided confidence of 90 %, the value
// that Reddit's "best" sort uses.
const rankZ = 1.281551565545

// branchShare is how much of its best reply's rank a branch inherits.
const branchShare = 0.8

// reportWeightFull is the open report weight at which a rank loses most.
const (
	reportWeightFull = 4.16
	reportCutMax     = 0.9
)

// Wilson is the lower bound of the score interval for up of n votes at
// quantile z (E. B. Wilson, JASA 22, 1927). It is 0 for n = 0 and lies in
// [0, 1).
func Wilson(up, n int, z float64) float64 {
	if n == 0 {
		return 0
	}
	p, m, z2 := float64(up)/float64(n), float64(n), z*z
	return (p + z2/(2*m) - z*math.Sqrt(p*(1-p)/m+z2/(4*m*m))) / (1 + z2/m)
}

// Best is the confidence rank of a comment with open report weight r >= 0.
func Best(up, down int, r float64) float64 {
	return Wilson(up, up+down, rankZ) * (1 - math.Min(reportCutMax, r/reportWeightFull))
}

// A comment is folded when so many members have voted, and it is as good as
// certain that most of them are against it.
const (
	lowVotes = 10
	lowShare = 0.5
)

// Low reports that members' votes fold a comment: by the same bound that ranks
// it, so that a handful of people, or a crowd that disagrees, folds nothing.
func Low(up, down int) bool {
	return up+down >= lowVotes && Wilson(down, up+down, rankZ) > lowShare
}

// Controversial is high where many voted and they disagree; 0 where all agree.
func Controversial(up, down int) float64 {
	if up <= 0 || down <= 0 {
		return 0
	}
	return math.Pow(float64(up+down), float64(min(up, down))/float64(max(up, down)))
}

// Branch is the rank of a whole branch: its root's own, or a share of its best
// reply's where that is more.
func Branch(root, bestReply float64) float64 { return math.Max(root, branchShare*bestReply) }
