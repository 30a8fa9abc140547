module kvduel/references

go 1.22
