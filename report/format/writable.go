package format

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/idlebench/idlebench/report/source"
)

// unwritable replaces what JSON cannot write in a value, so that it costs nothing else: a
// number that is not finite, and a time before the year 0 or after 9999. It returns an
// entry for each.
func unwritable(v any) (lost []source.NotUsed) {
	replace(reflect.ValueOf(v), "", func(path, why string) {
		lost = append(lost, source.NotUsed{File: "the report as JSON", What: strings.TrimPrefix(path, "."), Why: why})
	})
	return lost
}

var timeType = reflect.TypeFor[time.Time]()

// replace walks through what a pointer, or an element of something, leads to.
func replace(v reflect.Value, path string, lose func(path, why string)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			replace(v.Elem(), path, lose)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			replace(v.Index(i), fmt.Sprintf("%s[%d]", path, i), lose)
		}
	case reflect.Struct:
		if v.Type() == timeType {
			if t := v.Interface().(time.Time); t.Year() < 0 || t.Year() > 9999 {
				lose(path, fmt.Sprintf("it is in the year %d, which JSON has no form for", t.Year()))
				v.SetZero()
			}
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); f.IsExported() && name != "-" {
				if !f.Anonymous || name != "" {
					name = "." + name
				}
				replace(v.Field(i), path+name, lose)
			}
		}
	case reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			lose(path, fmt.Sprintf("it is %v, which JSON has no form for", f))
			v.SetFloat(0)
		}
	}
}
