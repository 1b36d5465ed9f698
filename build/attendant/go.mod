module day23/build/attendant

go 1.24
