// Both languages of the page. English and Chinese carry the same keys: the
// type of the dictionary demands it.

import type { Named, SeatState, Verdict } from "./model.ts";
import type { Language } from "./state.ts";

const en = {
  title: "Quanyu · airport coverage",
  tagline: "Airport coverage",
  skip: "Skip to the results",
  mapLabel: "Map of prefecture seats by minutes to the nearest airport",
  panelLabel: "Results",
  otherLanguage: "中文",
  otherLanguageHint: "切换到中文",
  tableView: "Table",
  tableViewHint: "All seats as a table, ready to print",
  mapView: "Back to the map",
  print: "Print",
  loading: "Computing…",
  year: "As of",
  profile: "Speed profile",
  limit: "Limit",
  minutesUnit: "min",
  failing: "Falling short",
  provinces: "By province",
  about: "Evidence",
  province: "Province",
  coveredOf: "Covered",
  share: "Share",
  seat: "Seat",
  code: "Code",
  minutes: "Minutes",
  margin: "Margin",
  airport: "Nearest airport",
  distance: "Road km",
  snap: "Snap m",
  state: "State",
  legendTitle: "Minutes to the nearest airport",
  within: "within the limit",
  over: "beyond it",
  noWay: "no way by road",
  airportLegend: "transport airport",
  roadLegend: "road network",
  retry: "Try again",
  failed: "The server could not answer",
  offline: "The server cannot be reached. Is it running?",
  sheetOpen: "Show details",
  sheetClose: "Show the map",
  close: "Close",
  notice: "Modelled view without boundaries. Not for publication as a map.",
  reviewed: "Map review number",
  none: "No seat falls short.",
  worstFirst: "worst first",
  noWebGL: "This browser cannot draw the map (no WebGL). The figures and lists below work without it.",
  method: "Method",
  network: "Road network",
  condensed: "modelled, condensed",
  imported: "imported",
  factors: "Speed factors",
  facilitiesData: "Data",
  computed: "Computed",
  engine: "Engine",
  notes: "To know",
  downloads: "Take it with you",
  getResult: "Result (JSON)",
  getEvidence: "Evidence (GeoJSON)",
  openSeats: "Seats",
  openAirports: "Airports",
  openRoads: "Roads",
  openProcess: "The process",
  openAPI: "API",
  licences: "Licences",
  trend: "Share by year",
  base: "base speed",
  slower: "slower roads",
  faster: "faster roads",
  details: "Details",
  record: "Record",
  toTheRoad: "To the road",
  sort: "Sort by",
  asOfPrefix: "as of",
  circle: "One-hour circle",
  circlePick: "Circle around a point",
  pickHint: "Click the map, or move it with the arrow keys and press Enter for its middle. Esc ends.",
  indicative: "Indicative",
};

export type Key = keyof typeof en;

const zh: Record<Key, string> = {
  title: "全域 · 机场覆盖",
  tagline: "机场覆盖率",
  skip: "跳到结果",
  mapLabel: "市地级行政中心到最近机场的分钟数地图",
  panelLabel: "结果",
  otherLanguage: "English",
  otherLanguageHint: "Switch to English",
  tableView: "表格",
  tableViewHint: "全部行政中心列表，可打印",
  mapView: "返回地图",
  print: "打印",
  loading: "计算中…",
  year: "截至",
  profile: "速度方案",
  limit: "时限",
  minutesUnit: "分钟",
  failing: "未达标",
  provinces: "分省",
  about: "依据",
  province: "省份",
  coveredOf: "覆盖",
  share: "占比",
  seat: "行政中心",
  code: "代码",
  minutes: "分钟",
  margin: "余量",
  airport: "最近机场",
  distance: "里程 km",
  snap: "接入 m",
  state: "状态",
  legendTitle: "到最近机场的分钟数",
  within: "时限以内",
  over: "超出时限",
  noWay: "公路不可达",
  airportLegend: "运输机场",
  roadLegend: "路网",
  retry: "重试",
  failed: "服务器未能给出结果",
  offline: "无法连接服务器，请确认它正在运行。",
  sheetOpen: "展开详情",
  sheetClose: "查看地图",
  close: "关闭",
  notice: "模型示意图，未绘制任何边界，不得作为地图公开发布。",
  reviewed: "审图号",
  none: "没有未达标的行政中心。",
  worstFirst: "差距最大者在前",
  noWebGL: "此浏览器无法绘制地图（缺少 WebGL）。下方数字与列表仍可使用。",
  method: "方法",
  network: "路网",
  condensed: "模型，凝缩",
  imported: "导入",
  factors: "速度系数",
  facilitiesData: "数据",
  computed: "计算时间",
  engine: "引擎",
  notes: "须知",
  downloads: "带走数据",
  getResult: "结果 (JSON)",
  getEvidence: "依据 (GeoJSON)",
  openSeats: "行政中心",
  openAirports: "机场",
  openRoads: "路网",
  openProcess: "分析流程",
  openAPI: "API",
  licences: "许可",
  trend: "逐年占比",
  base: "基准速度",
  slower: "车速偏慢",
  faster: "车速偏快",
  details: "详情",
  record: "原始记录",
  toTheRoad: "接入道路",
  sort: "排序",
  asOfPrefix: "截至",
  circle: "一小时圈",
  circlePick: "点选画一小时圈",
  pickHint: "点击地图；或用方向键移动地图，按回车取中心点。Esc 取消。",
  indicative: "示意",
};

const dictionaries: Record<Language, Record<Key, string>> = { en, zh };

const states: Record<Language, Record<SeatState, string>> = {
  en: { covered: "covered", beyond: "beyond the limit", unreachable: "unreachable by road", "not-snapped": "not on the road network" },
  zh: { covered: "已覆盖", beyond: "超出时限", unreachable: "公路不可达", "not-snapped": "未接入路网" },
};

const verdicts: Record<Language, Record<Verdict, string>> = {
  en: { met: "Target met", "not-met": "Target not met", uncertain: "Uncertain" },
  zh: { met: "达标", "not-met": "未达标", uncertain: "不确定" },
};

// Short names of the profiles shipped; another one shows its own title.
const profileNames: Record<Language, Record<string, string>> = {
  en: { car: "Car, expected", "car-design": "Car, design speeds", "car-cautious": "Car, slow traffic", bike: "Bicycle", walk: "On foot" },
  zh: { car: "小汽车·预期", "car-design": "小汽车·设计速度", "car-cautious": "小汽车·拥堵保守", bike: "自行车", walk: "步行" },
};

/** Words and figures in one language. */
export class Words {
  readonly language: Language;
  constructor(language: Language) {
    this.language = language;
  }

  get(key: Key): string { return dictionaries[this.language][key]; }
  state(s: SeatState): string { return states[this.language][s] ?? s; }
  verdict(v: Verdict): string { return verdicts[this.language][v]; }
  name(n: Named): string { return this.language === "zh" ? n.nameZH : n.nameEN || n.nameZH; }
  profile(name: string, title: string): string { return profileNames[this.language][name] ?? title; }
  locale(): string { return this.language === "zh" ? "zh-CN" : "en-GB"; }
  pick<T>(english: T, chinese: T): T { return this.language === "zh" ? chinese : english; }

  /** A fraction in percent with one decimal; "–" stands for nothing known. */
  percent(share: number | null, digits = 1): string {
    return share === null ? "–" : `${(share * 100).toFixed(digits)}\u202f%`;
  }

  /** A figure with fixed decimals and a true minus sign. */
  figure(v: number | null, digits = 0, signed = false): string {
    if (v === null) return "–";
    const rounded = Number(v.toFixed(digits));
    const sign = rounded < 0 ? "\u2212" : signed && rounded > 0 ? "+" : "";
    return sign + Math.abs(rounded).toLocaleString(this.locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** A civil date, 2006-01-02, in words. */
  date(day: string): string {
    const [y, m, d] = day.split("-").map(Number);
    const instant = new Date(Date.UTC(y ?? 0, (m ?? 1) - 1, d ?? 1));
    return instant.toLocaleDateString(this.locale(), { timeZone: "UTC", year: "numeric", month: this.pick("short", "long"), day: "numeric" });
  }
}
