package analysis

import (
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// circleMetric is the output metric.
type circleMetric struct {
	Areas    int                      `json:"areas"`    // compared, by the widest extent
	Verdicts map[coverage.Verdict]int `json:"verdicts"` // of these
	Judged   int                      `json:"members_judged"`
	Unknown  int                      `json:"members_unknown"` // planned, and the position of their seats is not known
	judgedShown
}

func (r *circleRun) metric(runs []*circleRun) circleMetric {
	m := circleMetric{Verdicts: map[coverage.Verdict]int{}}
	var all longest
	for _, one := range runs {
		for _, row := range one.rows {
			if row.Extent != extentMembers || row.State != areaCompared {
				continue
			}
			if m.Areas++; row.Verdict != nil {
				m.Verdicts[*row.Verdict]++
			}
		}
		all.merge(one.longest)
	}
	m.Judged, m.Unknown = all.times, all.unknown
	m.judgedShown = r.target.judgeLongest(longestOfMembers, all, coverage.NewBand(r.in.factors, r.limit()))
	return m
}

// judgeArea holds the target against the times of the planned members' own
// seats. A seat whose position is not known, which another stands in for, is
// unknown.
func (r *circleRun) judgeArea(row *areaShown, planned []string, byCode map[string]*member) {
	var l longest
	for _, code := range planned {
		m := byCode[code]
		switch w, reached := r.far[m.seat]; {
		case m.standIn || m.seat == nil && !r.positioned[code]:
			l.unknown++
		case reached:
			l.add(w, network.Reached)
		default:
			l.add(0, network.Unreachable)
		}
	}
	if row.Extent == extentMembers {
		r.longest.merge(l)
	}
	judged := r.target.judgeLongest(longestOfMembers, l, coverage.NewBand(r.in.factors, r.limit()))
	row.Value, row.Verdict = judged.Value, judged.Verdict
}

func (l *longest) merge(o longest) {
	l.weight, l.times, l.endless, l.unknown = max(l.weight, o.weight), l.times+o.times, l.endless+o.endless, l.unknown+o.unknown
}
