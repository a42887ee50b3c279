;; Rows of numbers: their product with a matrix, and the functions of gates. A recurrence spends its time in these.
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
      (br $one))))

  ;; e to the power of four numbers, by the polynomial of Cephes (expf): within 2 units in the last place. What would
  ;; leave the range of float32 stays at its edges.
  (func $exp (param $x v128) (result v128)
    (local $n v128) (local $r v128)
    (local.set $x (f32x4.max (f32x4.min (local.get $x)
      (v128.const f32x4 88 88 88 88)) (v128.const f32x4 -87 -87 -87 -87)))
    (local.set $n (f32x4.nearest (f32x4.mul (local.get $x)
      (v128.const f32x4 1.44269504 1.44269504 1.44269504 1.44269504))))
    ;; The logarithm of 2 in two parts: the first times n is exact.
    (local.set $r (f32x4.add
      (f32x4.sub (local.get $x)
        (f32x4.mul (local.get $n) (v128.const f32x4 0.693359375 0.693359375 0.693359375 0.693359375)))
      (f32x4.mul (local.get $n) (v128.const f32x4 2.12194440e-4 2.12194440e-4 2.12194440e-4 2.12194440e-4))))
    (f32x4.mul
      (f32x4.add (f32x4.add
        (f32x4.mul (f32x4.mul (local.get $r) (local.get $r))
          (f32x4.add (f32x4.mul (local.get $r)
            (f32x4.add (f32x4.mul (local.get $r)
              (f32x4.add (f32x4.mul (local.get $r)
                (f32x4.add (f32x4.mul (local.get $r)
                  (f32x4.add (f32x4.mul (local.get $r)
                    (v128.const f32x4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4 1.9875691500e-4))
                    (v128.const f32x4 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3 1.3981999507e-3)))
                  (v128.const f32x4 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3 8.3334519073e-3)))
                (v128.const f32x4 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2 4.1665795894e-2)))
              (v128.const f32x4 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1 1.6666665459e-1)))
            (v128.const f32x4 5.0000001201e-1 5.0000001201e-1 5.0000001201e-1 5.0000001201e-1)))
        (local.get $r)) (v128.const f32x4 1 1 1 1))
      ;; 2 to the power of n, by its exponent.
      (i32x4.shl
        (i32x4.add (i32x4.trunc_sat_f32x4_s (local.get $n)) (v128.const i32x4 127 127 127 127))
        (i32.const 23))))

  ;; 1 / (1 + e^-x)
  (func $sigmoid (param $x v128) (result v128)
    (f32x4.div (v128.const f32x4 1 1 1 1)
      (f32x4.add (v128.const f32x4 1 1 1 1) (call $exp (f32x4.neg (local.get $x))))))

  ;; Near 0 by the polynomial of Cephes (tanhf), as the difference of exponentials cancels there.
  (func $tanh (param $x v128) (result v128)
    (local $size v128) (local $square v128) (local $near v128) (local $far v128)
    (local.set $size (f32x4.abs (local.get $x)))
    (local.set $square (f32x4.mul (local.get $x) (local.get $x)))
    (local.set $near
      (f32x4.add (local.get $x) (f32x4.mul (f32x4.mul (local.get $square) (local.get $x))
        (f32x4.add (f32x4.mul (local.get $square)
          (f32x4.add (f32x4.mul (local.get $square)
            (f32x4.add (f32x4.mul (local.get $square)
              (f32x4.add (f32x4.mul (local.get $square)
                (v128.const f32x4 -5.70498872745e-3 -5.70498872745e-3 -5.70498872745e-3 -5.70498872745e-3))
                (v128.const f32x4 2.06390887954e-2 2.06390887954e-2 2.06390887954e-2 2.06390887954e-2)))
              (v128.const f32x4 -5.37397155531e-2 -5.37397155531e-2 -5.37397155531e-2 -5.37397155531e-2)))
            (v128.const f32x4 1.33314422036e-1 1.33314422036e-1 1.33314422036e-1 1.33314422036e-1)))
          (v128.const f32x4 -3.33332819422e-1 -3.33332819422e-1 -3.33332819422e-1 -3.33332819422e-1)))))
    (local.set $far
      (f32x4.sub (v128.const f32x4 1 1 1 1)
        (f32x4.div (v128.const f32x4 2 2 2 2)
          (f32x4.add (v128.const f32x4 1 1 1 1)
            (call $exp (f32x4.add (local.get $size) (local.get $size)))))))
    (v128.bitselect
      (v128.or (local.get $far) (v128.and (local.get $x) (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000)))
      (local.get $near)
      (f32x4.ge (local.get $size) (v128.const f32x4 0.625 0.625 0.625 0.625))))

  (func $gate (param $x v128) (param $tanh i32) (result v128)
    (if (result v128) (local.get $tanh)
      (then (call $tanh (local.get $x)))
      (else (call $sigmoid (local.get $x)))))

  ;; row[count] = tanh(row) or sigmoid(row)
  (func (export "activate") (param $row i32) (param $count i32) (param $tanh i32)
    (local $end i32) (local $vectorEnd i32)
    (local.set $end (i32.add (local.get $row) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $vectorEnd
      (i32.add (local.get $row) (i32.shl (i32.and (local.get $count) (i32.const -4)) (i32.const 2))))
    (block $vectorDone (loop $vector
      (br_if $vectorDone (i32.ge_u (local.get $row) (local.get $vectorEnd)))
      (v128.store (local.get $row) (call $gate (v128.load (local.get $row)) (local.get $tanh)))
      (local.set $row (i32.add (local.get $row) (i32.const 16)))
      (br $vector)))
    (block $restDone (loop $rest
      (br_if $restDone (i32.ge_u (local.get $row) (local.get $end)))
      (f32.store (local.get $row)
        (f32x4.extract_lane 0 (call $gate (v128.load32_zero (local.get $row)) (local.get $tanh))))
      (local.set $row (i32.add (local.get $row) (i32.const 4)))
      (br $rest)))))
