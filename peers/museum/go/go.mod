module museum

go 1.21
