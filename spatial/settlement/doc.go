// Package settlement holds the rules by which plans order a settlement
// system: size classes of cities and the policy that hangs on each, types of
// county seats and of towns, who belongs to a metropolitan area, how polycentric
// a city cluster is, and how sound the chain of places along the border is.
//
// Every rule is a pure function of figures that its caller shows beside the
// answer. What is not known stays unknown: a missing figure is nil and never
// zero, and an answer that it decides is unknown too.
package settlement
