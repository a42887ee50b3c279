;; The product of a row of numbers with a matrix, added to a row: what a recurrence spends its time in.
;; Offsets and strides are in bytes, all numbers are float32.
(module
  (memory (export "memory") 1)

  ;; z[count] += row[rows] x matrix[rows, count]; the rows of the matrix are `stride` apart.
  (func (export "addProduct")
    (param $z i32) (param $row i32) (param $matrix i32) (param $rows i32) (param $stride i32) (param $count i32)
    (local $rowEnd i32) (local $fourEnd i32) (local $zEnd i32) (local $vectorEnd i32) (local $at i32)
    (local $m0 i32) (local $m1 i32) (local $m2 i32) (local $m3 i32)
    (local $f0 v128) (local $f1 v128) (local $f2 v128) (local $f3 v128) (local $f f32)
    (local.set $rowEnd (i32.add (local.get $row) (i32.shl (local.get $rows) (i32.const 2))))
    (local.set $fourEnd
      (i32.add (local.get $row) (i32.shl (i32.and (local.get $rows) (i32.const -4)) (i32.const 2))))
    (local.set $zEnd (i32.add (local.get $z) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $vectorEnd
      (i32.add (local.get $z) (i32.shl (i32.and (local.get $count) (i32.const -4)) (i32.const 2))))

    ;; Four rows of the matrix at a time, four numbers of each.
    (block $fourDone (loop $four
      (br_if $fourDone (i32.ge_u (local.get $row) (local.get $fourEnd)))
      (local.set $f0 (v128.load32_splat (local.get $row)))
      (local.set $f1 (v128.load32_splat offset=4 (local.get $row)))
      (local.set $f2 (v128.load32_splat offset=8 (local.get $row)))
      (local.set $f3 (v128.load32_splat offset=12 (local.get $row)))
      (local.set $m0 (local.get $matrix))
      (local.set $m1 (i32.add (local.get $m0) (local.get $stride)))
      (local.set $m2 (i32.add (local.get $m1) (local.get $stride)))
      (local.set $m3 (i32.add (local.get $m2) (local.get $stride)))
      (local.set $at (local.get $z))
      (block $vectorDone (loop $vector
        (br_if $vectorDone (i32.ge_u (local.get $at) (local.get $vectorEnd)))
        (v128.store (local.get $at)
          (f32x4.add (v128.load (local.get $at))
            (f32x4.add
              (f32x4.add
                (f32x4.mul (local.get $f0) (v128.load (local.get $m0)))
                (f32x4.mul (local.get $f1) (v128.load (local.get $m1))))
              (f32x4.add
                (f32x4.mul (local.get $f2) (v128.load (local.get $m2)))
                (f32x4.mul (local.get $f3) (v128.load (local.get $m3)))))))
        (local.set $m0 (i32.add (local.get $m0) (i32.const 16)))
        (local.set $m1 (i32.add (local.get $m1) (i32.const 16)))
        (local.set $m2 (i32.add (local.get $m2) (i32.const 16)))
        (local.set $m3 (i32.add (local.get $m3) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $vector)))
      (block $restDone (loop $rest
        (br_if $restDone (i32.ge_u (local.get $at) (local.get $zEnd)))
        (f32.store (local.get $at)
          (f32.add (f32.load (local.get $at))
            (f32.add
              (f32.add
                (f32.mul (f32x4.extract_lane 0 (local.get $f0)) (f32.load (local.get $m0)))
                (f32.mul (f32x4.extract_lane 0 (local.get $f1)) (f32.load (local.get $m1))))
              (f32.add
                (f32.mul (f32x4.extract_lane 0 (local.get $f2)) (f32.load (local.get $m2)))
                (f32.mul (f32x4.extract_lane 0 (local.get $f3)) (f32.load (local.get $m3)))))))
        (local.set $m0 (i32.add (local.get $m0) (i32.const 4)))
        (local.set $m1 (i32.add (local.get $m1) (i32.const 4)))
        (local.set $m2 (i32.add (local.get $m2) (i32.const 4)))
        (local.set $m3 (i32.add (local.get $m3) (i32.const 4)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $rest)))
      (local.set $matrix (i32.add (local.get $matrix) (i32.shl (local.get $stride) (i32.const 2))))
      (local.set $row (i32.add (local.get $row) (i32.const 16)))
      (br $four)))

    ;; The rows that are left, one number at a time.
    (block $oneDone (loop $one
      (br_if $oneDone (i32.ge_u (local.get $row) (local.get $rowEnd)))
      (local.set $f (f32.load (local.get $row)))
      (local.set $m0 (local.get $matrix))
      (local.set $at (local.get $z))
      (block $lastDone (loop $last
        (br_if $lastDone (i32.ge_u (local.get $at) (local.get $zEnd)))
        (f32.store (local.get $at)
          (f32.add (f32.load (local.get $at)) (f32.mul (local.get $f) (f32.load (local.get $m0)))))
        (local.set $m0 (i32.add (local.get $m0) (i32.const 4)))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $last)))
      (local.set $matrix (i32.add (local.get $matrix) (local.get $stride)))
      (local.set $row (i32.add (local.get $row) (i32.const 4)))
      (br $one)))))
