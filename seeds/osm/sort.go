package osm

import "slices"

// fewIDs is the length up to which a comparison sort is as fast.
const fewIDs = 1 << 12

// sortIDs sorts in rising order: by counting bytes, the lowest first. On the
// 1.3 million ids of the national roads it takes a fifth of the time of
// slices.Sort, which was a quarter of all reading; ids of one map share their
// highest bytes, and those are passed over.
func sortIDs(ids []int64) {
	if len(ids) <= fewIDs {
		slices.Sort(ids)
		return
	}
	const sign = 1 << 63 // negative ids, of objects not uploaded yet, come first
	varied := uint64(0)
	for _, id := range ids {
		varied |= uint64(id) ^ uint64(ids[0])
	}
	from, to := ids, make([]int64, len(ids))
	for shift := 0; shift < 64; shift += 8 {
		if varied>>shift&0xff == 0 {
			continue
		}
		var start [257]int
		for _, id := range from {
			start[(uint64(id)^sign)>>shift&0xff+1]++
		}
		for b := range 256 {
			start[b+1] += start[b]
		}
		for _, id := range from {
			b := (uint64(id) ^ sign) >> shift & 0xff
			to[start[b]] = id
			start[b]++
		}
		from, to = to, from
	}
	if &from[0] != &ids[0] {
		copy(ids, from)
	}
}
