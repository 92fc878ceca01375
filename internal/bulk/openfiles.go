package bulk

// What a run has open: of a dialogue two connections while both families are
// called, of a question to DNS a socket, and some files of its own.
const (
	filesPerJob = 2
	filesBeside = namesAsked + 64
)

// Fit returns the limits with no more dialogues at once than this process may
// open files for, and how many files that is; 0: all that were wanted fit.
func (l Limits) Fit() (fitting Limits, files uint64) { return l.within(openFiles()) }

func (l Limits) within(files uint64) (Limits, uint64) {
	if files == 0 || files >= uint64(filesPerJob*l.jobs()+filesBeside) {
		return l, 0
	}
	room := int(files) - filesBeside
	l.Jobs = max(1, room/filesPerJob)
	return l, files
}
