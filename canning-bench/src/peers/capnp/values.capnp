# The benchmarks' values as Cap'n Proto knows them. After a change:
#
#     cargo install capnpc
#     capnp compile -o rust values.capnp
#
# and put the first line of values_capnp.rs back.

@0xbf5147cbbecf40c1;

# That of capnpc's rust.capnp.
annotation parentModule @0xabee386cd1450364 (file) :Text;
$parentModule("peers::capnp");

struct Frame {
  step @0 :UInt64;
  name @1 :Text;
  pos @2 :List(Float64);
  vel @3 :List(Float64);
  ids @4 :List(UInt32);
}

struct Small {
  numbers @0 :List(Float64);
  name @1 :Text;
}

struct Smalls {
  items @0 :List(Small);
}
