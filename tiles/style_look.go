package tiles

import "quanyu/spatial"

// look is how a collection is drawn: one colour a class, or one for all.
type look struct {
	by      string // the property that tells classes apart; "" has none
	classes []class
	other   class  // of what is in no class; its value is ""
	size    string // of points: the number that decides their size, with sizes
	sizes   []step
	labels  float64 // first zoom at which names are written
	first   string  // the number by which names come first, "" for none
}

// class is one value of a look's property. An empty zoom draws it at all.
type class struct {
	value, zh, en, colour string
	width                 float64 // radius of points and width of lines, in pixels at zoom 8; 0 takes that of the geometry
	minZoom               float64
	dashed                bool // of lines and outlines
}

// step is a size from a number on.
type step struct {
	from   float64
	zh, en string
	radius float64
}

// looks are the collections whose classes the plans and standards name. What is
// not here is drawn by its geometry alone.
//
// The three control lines have the colours of the map standard for territorial
// plans (yellow farmland, green ecological redline, red development boundary);
// size classes of cities are those of State Council notice 2014 No. 51.
func looks() map[string]look {
	return map[string]look{
		"divisions": {by: "level", labels: 4, first: "resident_population", other: class{zh: "其他", en: "Other", colour: areaLine, width: 0.8},
			classes: []class{
				{value: "country", zh: "国家", en: "Country", colour: "#5c6656", width: 2.4},
				{value: "province", zh: "省级", en: "Province", colour: "#66725e", width: 1.8},
				{value: "prefecture", zh: "地级", en: "Prefecture", colour: areaLine, width: 1.1, minZoom: 3},
				{value: "county", zh: "县级", en: "County", colour: "#a3ad9a", width: 0.7, minZoom: 5},
				{value: "township", zh: "乡级", en: "Township", colour: "#bcc4b4", width: 0.5, minZoom: 9},
			}},
		"seats": {by: "level", labels: 4, first: "resident_population",
			classes: []class{
				{value: "township", zh: "乡镇驻地", en: "Township seat", colour: "#c79a8f", width: 2, minZoom: 9},
				{value: "county", zh: "县级驻地", en: "County seat", colour: "#b06a5c", width: 2.8, minZoom: 6},
				{value: "prefecture", zh: "地级驻地", en: "Prefecture seat", colour: seat, width: 4.6},
			}},
		"cities": {labels: 3, first: "urban_resident_population", size: "urban_resident_population", other: class{zh: "人口不详", en: "Population unknown", colour: seat, width: 2.5},
			sizes: []step{
				{0, "小城市（50 万以下）", "Small: under 500,000", 3}, {500_000, "中等城市", "Medium: from 500,000", 4.5}, {1_000_000, "大城市（Ⅱ型）", "Large II: from 1 million", 6},
				{3_000_000, "大城市（Ⅰ型）", "Large I: from 3 million", 8}, {5_000_000, "特大城市", "Very large: from 5 million", 10}, {10_000_000, "超大城市", "Super-large: from 10 million", 13},
			}},
		"city-clusters":      {labels: 3, other: class{zh: "城市群", en: "City cluster", colour: "#7a5c94", width: 1.6}},
		"metropolitan-areas": {labels: 4, other: class{zh: "都市圈", en: "Metropolitan area", colour: "#3f6f8f", width: 1.6, dashed: true}},
		"development-axes": {by: "kind", labels: 4, other: class{zh: "其他", en: "Other", colour: plain, width: 3},
			classes: []class{
				{value: "axis", zh: "发展轴", en: "Axis", colour: "#b4532a", width: 5},
				{value: "belt", zh: "发展带", en: "Belt", colour: "#c08a2d", width: 4},
				{value: "corridor", zh: "走廊", en: "Corridor", colour: "#2f7f79", width: 3, dashed: true},
			}},
		"border-places": {by: "tier", labels: 5, other: class{zh: "其他", en: "Other", colour: border, width: 3.5},
			classes: []class{
				{value: "town", zh: "边境城镇", en: "Border town", colour: "#8fa67f", width: 3},
				{value: "port", zh: "口岸", en: "Port of entry", colour: "#b5651d", width: 4.5},
				{value: "county", zh: "边境县（市）", en: "Border county", colour: "#6b8a59", width: 4},
				{value: "prefecture", zh: "边境中心城市", en: "Border prefecture", colour: border, width: 5.5},
			}},
		"airports": {by: "kind", labels: 5, other: class{zh: "机场", en: "Airport", colour: airport, width: 5},
			classes: []class{
				{value: "general", zh: "通用机场", en: "General aviation", colour: "#7fa6c9", width: 3.5, minZoom: 5},
				{value: "transport", zh: "运输机场", en: "Transport airport", colour: airport, width: 5},
			}},
		"stations": {by: "kind", labels: 7, other: class{zh: "其他车站", en: "Other station", colour: plain, width: 3.5},
			classes: []class{
				{value: "metro", zh: "城市轨道站", en: "Metro station", colour: "#2f7f79", width: 2.8, minZoom: 8},
				{value: "conventional", zh: "普速铁路站", en: "Conventional railway", colour: "#6f6a63", width: 3.5},
				{value: "high-speed", zh: "高速铁路站", en: "High-speed railway", colour: "#b3243a", width: 4.8},
			}},
		"facilities": {by: "kind", labels: 10, first: "capacity", other: class{zh: "其他设施", en: "Other facility", colour: plain, width: 3.5}, classes: facilityClasses()},
		"control-lines": {by: "kind", labels: 9, first: "area_mu", other: class{zh: "其他控制线", en: "Other line", colour: plain},
			classes: []class{
				{value: "farmland", zh: "永久基本农田", en: "Permanent basic farmland", colour: "#b8971f", width: 1},
				{value: "ecological", zh: "生态保护红线", en: "Ecological redline", colour: "#2e7d32", width: 1.4},
				{value: "development", zh: "城镇开发边界", en: "Urban development boundary", colour: "#c62828", width: 1.8, dashed: true},
			}},
		"zones": {by: "kind", labels: 8, other: class{zh: "其他分区", en: "Other zone", colour: plain}, classes: zoneClasses()},
		"proposals": {by: "status", labels: 10, other: class{zh: "状态不详", en: "Stage unknown", colour: plain, width: 1.5},
			classes: []class{
				{value: "draft", zh: "草案", en: "Draft", colour: "#8a8f94", width: 1.5, dashed: true},
				{value: "submitted", zh: "已提交", en: "Submitted", colour: "#b8741a", width: 1.5},
				{value: "approved", zh: "已批准", en: "Approved", colour: "#2e7d32", width: 1.8},
				{value: "refused", zh: "未批准", en: "Refused", colour: "#a32035", width: 1.5, dashed: true},
				{value: "built", zh: "已建成", en: "Built", colour: "#4a5a68", width: 1.8},
			}},
		"roads": {by: "class", other: class{zh: "其他道路", en: "Other road", colour: roadMinor, width: 0.5},
			classes: []class{
				{value: "tertiary", zh: "三级路", en: "Tertiary", colour: roadMinor, width: 0.7},
				{value: "secondary", zh: "二级路", en: "Secondary", colour: "#b5aa92", width: 0.9},
				{value: "primary", zh: "一级路", en: "Primary", colour: "#b79d72", width: 1.2},
				{value: "trunk", zh: "主干道", en: "Trunk", colour: roadMajor, width: 1.6},
				{value: "motorway", zh: "高速公路", en: "Motorway", colour: "#a3703a", width: 2},
			}},
	}
}

func facilityClasses() []class {
	return []class{
		{value: "parking", zh: "停车场", en: "Parking", colour: "#6f7780", width: 2.8, minZoom: 9},
		{value: "bus-station", zh: "客运站", en: "Bus station", colour: "#4a6f9c", width: 3.5},
		{value: "market", zh: "市场", en: "Market", colour: "#a8672a", width: 3},
		{value: "park", zh: "公园", en: "Park", colour: "#4f8a3d", width: 3.5},
		{value: "library", zh: "图书馆", en: "Library", colour: "#6a5a9c", width: 3.5},
		{value: "p2-lab", zh: "P2 实验室", en: "P2 laboratory", colour: "#8e2f7a", width: 3.5},
		{value: "shelter", zh: "避难场所", en: "Shelter", colour: "#2f7f79", width: 3.5},
		{value: "care", zh: "养老服务", en: "Care", colour: "#b4532a", width: 3.5},
		{value: "kindergarten", zh: "幼儿园", en: "Kindergarten", colour: "#c08a2d", width: 3},
		{value: "school", zh: "学校", en: "School", colour: "#2563a8", width: 3.5},
		{value: "clinic", zh: "诊所", en: "Clinic", colour: "#d0566b", width: 3},
		{value: "hospital", zh: "医院", en: "Hospital", colour: "#b3243a", width: 4.5},
	}
}

func zoneClasses() []class {
	return []class{
		{value: "new-area", zh: "新区", en: "New area", colour: "#b4532a"},
		{value: "cooperation", zh: "合作区", en: "Cooperation zone", colour: "#7a5c94"},
		{value: "sub-centre", zh: "城市副中心", en: "Sub-centre", colour: "#a3486e"},
		{value: "renewal", zh: "城市更新区", en: "Renewal", colour: "#c08a2d"},
		{value: "shrinking", zh: "收缩型城市", en: "Shrinking", colour: "#6f7780"},
		{value: "tod", zh: "站点综合开发区", en: "Transit-oriented development", colour: "#2563a8"},
		{value: "scenic", zh: "风景名胜区", en: "Scenic area", colour: "#4f8a3d"},
		{value: "heritage", zh: "文化遗产", en: "Heritage", colour: "#8a5a2b", width: 1.8},
		{value: "historic-district", zh: "历史文化街区", en: "Historic district", colour: "#8a3324"},
		{value: "hazard", zh: "灾害风险区", en: "Hazard", colour: "#a32035", dashed: true},
		{value: "flood", zh: "洪涝风险区", en: "Flood", colour: "#1f5f99", dashed: true},
		{value: "flood-point", zh: "易涝点", en: "Flood point", colour: "#2f86c4", dashed: true},
	}
}

// lookOf gives the look of a collection; one without a look of its own has a
// single class.
func lookOf(c spatial.Collection) look {
	l, ok := looks()[c.ID]
	if !ok {
		l = look{labels: 6, other: class{zh: c.TitleZH, en: c.Title, colour: plain}}
	}
	return l
}

// drawn lists the classes from the bottom to the top, that of all others first
// where there is one.
func (l look) drawn() []class {
	if l.other.colour == "" {
		return l.classes
	}
	return append([]class{l.other}, l.classes...)
}
