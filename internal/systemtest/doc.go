// Package systemtest runs the whole program from outside, as a process of its
// own: the binary is built once, every test has a folder, a port and a database.
// What a browser shows is driven in a real Chromium. There is no code here that
// anything else uses.
package systemtest
